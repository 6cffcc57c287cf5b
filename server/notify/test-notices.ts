import { toFailure, type FailureShape } from '../../core/model/error.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import type { AlertView } from '../catalog/alerts-view.ts'
import type { Recipient } from '../catalog/notices.ts'
import { deliver, type Sender } from './deliver.ts'

export interface TestedRecipient extends Recipient {
  readonly milliseconds: number
  readonly error: FailureShape | null
}

const TEST_MS = 20_000

/** Tells each of them a test, now and at once; what becomes of it. */
export async function testNotices(
  sender: Sender,
  clock: Clock,
  to: readonly (Recipient & { readonly secret: string | null })[],
): Promise<TestedRecipient[]> {
  return Promise.all(to.map((recipient) => testOne(sender, clock, recipient)))
}

async function testOne(
  sender: Sender,
  clock: Clock,
  { kind, address, secret }: Recipient & { readonly secret: string | null },
): Promise<TestedRecipient> {
  const started = clock.monotonic()
  const queuedAt = new Date(clock.now())
  const content = { kind: 'alert', change: 'raised', alert: testAlert(queuedAt) } as const
  const milliseconds = () => Math.round(clock.monotonic() - started)
  try {
    const notice = { id: 0, content, queuedAt, secret }
    await deliver(sender, { kind, address }, [notice], AbortSignal.timeout(TEST_MS))
    return { kind, address, milliseconds: milliseconds(), error: null }
  } catch (error) {
    return { kind, address, milliseconds: milliseconds(), error: toFailure(error) }
  }
}

function testAlert(at: Date): AlertView {
  const seen = at.toISOString()
  return {
    ...{ id: 'test', type: 'test', severity: 'informational', state: 'active', object: 'server' },
    ...{ objectName: 'server', count: 1, firstSeenAt: seen, lastSeenAt: seen, resolvedAt: null },
    cause: 'somebody ran `holdfast alert test`',
    action: 'Nothing to do: whoever reads this is told of alerts.',
    command: '',
  }
}
