import { HoldfastError, toFailure } from '../../../core/model/error.ts'
import {
  CONSISTENCY_FALLBACKS,
  WANTED_CONSISTENCIES,
  type TransferKind,
} from '../../../core/model/state.ts'
import { listMembers, findMember } from '../../catalog/group-members.ts'
import { getGroup } from '../../catalog/groups.ts'
import { resolveSource } from '../../catalog/names.ts'
import { getSource } from '../../catalog/sources.ts'
import { requireMemory, requireTransferable } from '../../flows/requirements.ts'
import { requireWritable } from '../../flows/server-mode.ts'
import {
  ASKED_PRIORITY,
  type TransferJobKind,
  type TransferRequest,
} from '../../catalog/job-requests.ts'
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
      const { label, protect } = request
      const wish = { kind, label: label || undefined, expiresAt, protect, ...instantOf(request) }
      const starts = []
      if (request.group && caller.sees) throw groupRefused()
      const { group, inconsistentOnly } = request
      const members = group ? await membersOf(deps, group, inconsistentOnly) : []
      for (const source of new Set([...request.sources, ...members]))
        starts.push(await start(deps, source, wish, caller))
      return { starts }
    },
  }
}

/** A scope names data sources; a group may have others. */
function groupRefused(): HoldfastError {
  return new HoldfastError(
    'permission-denied',
    'a caller with a scope names data sources, not groups',
  )
}

/** Ids, in the order of their names. */
async function membersOf(
  { database }: OperatorDeps,
  group: string,
  inconsistentOnly: boolean,
): Promise<string[]> {
  const { id, name } = await getGroup(database, group)
  const members = await listMembers(database, id)
  const wanted = members.filter(
    ({ replicaState }) => !inconsistentOnly || replicaState === 'inconsistent',
  )
  if (members.length > 0) return wanted.map((member) => member.dataSource)
  throw new HoldfastError('not-found', `protection group ${name} has no members`, {
    hint: `\`holdfast group add ${name} SOURCE\` brings one in.`,
  })
}

function instantOf({ consistency, fallback, memory }: StartRequest) {
  return {
    consistency: consistency
      ? requireOneOf('the consistency', consistency, WANTED_CONSISTENCIES)
      : undefined,
    fallback: fallback ? requireOneOf('the fallback', fallback, CONSISTENCY_FALLBACKS) : undefined,
    memory,
  }
}

async function start(deps: OperatorDeps, source: string, wish: TransferRequest, caller: Caller) {
  let name = source
  try {
    const found = await getSource(deps.database, await resolveSource(deps.database, source))
    name = found.name
    await requireTransferable(deps.database, found, wish.kind)
    requireMemory(found, wish.memory)
    const member = await findMember(deps.database, found.id)
    const job = await deps.queue.enqueue({
      kind: JOB_OF[wish.kind],
      dataSource: found.id,
      host: found.hostId,
      request: await withGroupOptions(deps, member?.group, wish),
      group: member?.group,
      requestedBy: caller.name,
      priority: ASKED_PRIORITY,
    })
    return { source: name, job }
  } catch (error) {
    return { source: name, error: withoutAbsent(toFailure(error)) }
  }
}

/** What nobody said is as the source's group has it. */
async function withGroupOptions(
  { database }: OperatorDeps,
  group: string | undefined,
  wish: TransferRequest,
): Promise<TransferRequest> {
  if (group === undefined) return wish
  const { consistency, fallback } = (await getGroup(database, group)).settings
  return {
    ...wish,
    consistency: wish.consistency ?? consistency,
    fallback: wish.fallback ?? fallback,
  }
}
