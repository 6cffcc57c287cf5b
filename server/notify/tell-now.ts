import { toFailure, type FailureShape } from '../../core/model/error.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import type { NoticeContent, Recipient } from '../catalog/notices.ts'
import { deliver, type Sender } from './deliver.ts'

export interface Told extends Recipient {
  readonly milliseconds: number
  readonly error: FailureShape | null
}

/** Somebody waits for the answer. */
const LONGEST_MS = 20_000

/** Sends it while somebody waits, once; what became of it. */
export async function tellNow(
  sender: Sender,
  clock: Clock,
  { kind, address, secret }: Recipient & { readonly secret: string | null },
  content: NoticeContent,
): Promise<Told> {
  const started = clock.monotonic()
  const milliseconds = () => Math.round(clock.monotonic() - started)
  try {
    const notice = { id: 0, content, queuedAt: new Date(clock.now()), secret }
    await deliver(sender, { kind, address }, [notice], AbortSignal.timeout(LONGEST_MS))
    return { kind, address, milliseconds: milliseconds(), error: null }
  } catch (error) {
    return { kind, address, milliseconds: milliseconds(), error: toFailure(error) }
  }
}
