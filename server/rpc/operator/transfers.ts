import { toFailure } from '../../../core/model/error.ts'
import type { TransferKind } from '../../../core/model/state.ts'
import { resolveSource } from '../../catalog/names.ts'
import { getSource } from '../../catalog/sources.ts'
import { requireTransferable } from '../../flows/requirements.ts'
import { requireWritable } from '../../flows/server-mode.ts'
import { ASKED_PRIORITY, type TransferJobKind } from '../../catalog/job-requests.ts'
import type { Caller, OperatorHandlers } from '../operator-handlers.ts'
import { withoutAbsent } from './absent.ts'
import { requireOneOf, requireTime } from './arguments.ts'
import type { OperatorDeps } from './deps.ts'

type TransferHandlers = Pick<OperatorHandlers, 'startTransfers'>
type StartRequest = Parameters<OperatorHandlers['startTransfers']>[0]

const KINDS = ['point', 'synchronize', 'check'] as const

const JOB_OF: Readonly<Record<TransferKind, TransferJobKind>> = {
  point: 'recovery-point',
  synchronize: 'synchronization',
  check: 'consistency-check',
}

/** One answer a data source, in the order asked: what fails for one does not stop the others. */
export function transferHandlers(deps: OperatorDeps): TransferHandlers {
  return {
    startTransfers: async (request, caller) => {
      requireWritable(deps.mode)
      const kind = requireOneOf('the kind', request.kind, KINDS)
      const expiresAt = requireTime('expires', request.expiresAt)
      const starts = []
      for (const source of new Set(request.sources))
        starts.push(await start(deps, source, { ...request, kind, expiresAt }, caller))
      return { starts }
    },
  }
}

type Wish = Omit<StartRequest, 'kind' | 'expiresAt'> & {
  readonly kind: TransferKind
  readonly expiresAt: string | undefined
}

async function start(deps: OperatorDeps, source: string, wish: Wish, caller: Caller) {
  let name = source
  try {
    const found = await getSource(deps.database, await resolveSource(deps.database, source))
    name = found.name
    await requireTransferable(deps.database, found, wish.kind)
    const { kind, label, expiresAt, protect } = wish
    const job = await deps.queue.enqueue({
      kind: JOB_OF[kind],
      dataSource: found.id,
      host: found.hostId,
      request: { kind, label: label || undefined, expiresAt, protect },
      requestedBy: caller.name,
      priority: ASKED_PRIORITY,
    })
    return { source: name, job }
  } catch (error) {
    return { source: name, error: withoutAbsent(toFailure(error)) }
  }
}
