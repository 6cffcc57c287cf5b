import { toHoldfastError } from '../../../core/model/error.ts'
import type { Queryable } from '../../catalog/database.ts'
import { lockWaitingDues, openDues, updateDue, type DueRow } from '../../catalog/dues.ts'
import { getGroup } from '../../catalog/groups.ts'
import type { TransferJobKind } from '../../catalog/job-requests.ts'
import { getSource, type SourceView } from '../../catalog/sources.ts'
import { requireTransferable } from '../../flows/requirements.ts'
import { recordQueued } from '../queue.ts'
import { dueFailed } from './due-failed.ts'
import { noteOverlap } from './overlap.ts'
import { BY, type ScheduleDeps } from './schedule-deps.ts'

const AT_ONCE = 50

/** What may start becomes a job. In batches: one transaction each, so that no lock is held for long. */
export async function startDues(deps: ScheduleDeps): Promise<void> {
  const seen = new Set<string>()
  for (;;) {
    const batch = await deps.database.tx(async (q) => {
      const dues = await lockWaitingDues(q, new Date(deps.clock.now()), AT_ONCE + seen.size)
      const fresh = dues.filter((due) => !seen.has(keyOf(due))).sort(byUrgency)
      for (const due of fresh) {
        seen.add(keyOf(due))
        await startDue(q, deps, due)
      }
      return fresh.length
    })
    if (batch > 0) deps.wake()
    if (batch < AT_ONCE) return
  }
}

function keyOf({ dataSource, kind, dueAt }: DueRow): string {
  return `${dataSource} ${kind} ${dueAt.getTime()}`
}

const ORDER = ['initial', 'check', 'point', 'synchronize']

function byUrgency(a: DueRow, b: DueRow): number {
  return ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || a.dueAt.getTime() - b.dueAt.getTime()
}

async function startDue(q: Queryable, deps: ScheduleDeps, due: DueRow): Promise<void> {
  if (await givesWay(q, deps, due)) return
  if (await isBusy(q, due.dataSource)) return // the next look tries again
  const source = await getSource(q, due.dataSource)
  const { settings } = await getGroup(q, due.group)
  const checkFirst = needsCheck(source, due)
  if (checkFirst && due.kind !== 'check' && settings.check !== 'auto')
    return updateDue(q, due, { state: 'skipped', reason: 'replica-inconsistent' })
  const kind = checkFirst ? 'consistency-check' : KIND_OF[due.kind]
  const wish = REQUEST_OF[kind]
  try {
    await requireTransferable(q, source, wish)
  } catch (error) {
    return dueFailed(q, deps, due, toHoldfastError(error).message)
  }
  const { consistency, fallback } = settings
  const job = await recordQueued(q, deps.random, {
    ...{ kind, dataSource: source.id, host: source.hostId, requestedBy: BY },
    group: due.group,
    request: { kind: wish, protect: false, consistency, fallback },
  })
  await updateDue(q, due, { state: 'started', job })
}

const KIND_OF: Readonly<Record<DueRow['kind'], TransferJobKind>> = {
  initial: 'recovery-point',
  point: 'recovery-point',
  synchronize: 'synchronization',
  check: 'consistency-check',
}

const REQUEST_OF = {
  'initial-replication': 'point',
  'recovery-point': 'point',
  synchronization: 'synchronize',
  'consistency-check': 'check',
} as const

/** An inconsistent replica is checked before anything builds on it; a check that ran is enough. */
function needsCheck(source: SourceView, due: DueRow): boolean {
  return source.replicaState === 'inconsistent' && due.reason !== CHECKED
}

export const CHECKED = 'checked'

/** Never two of a kind for one member: whichever is under way goes on, else the newest counts. */
async function givesWay(q: Queryable, deps: ScheduleDeps, due: DueRow): Promise<boolean> {
  if (due.kind === 'synchronize' && (await openDues(q, due.dataSource, 'point')).length > 0) {
    await updateDue(q, due, { state: 'skipped', reason: 'covered-by-point' })
    return true
  }
  for (const other of await openDues(q, due.dataSource, due.kind)) {
    if (other.dueAt.getTime() === due.dueAt.getTime()) continue
    if (other.state === 'started') {
      await noteOverlap(q, deps, due, other)
      return true
    }
    if (other.dueAt > due.dueAt) continue // it comes next, and finds this one
    if (other.attempt > 0) await updateDue(q, other, { state: 'failed', reason: 'superseded' })
    else await noteOverlap(q, deps, other, due)
  }
  return false
}

/** Another transfer of it, or a recovery that writes it, is queued or running. */
async function isBusy(q: Queryable, dataSource: string): Promise<boolean> {
  const rows = await q.query(
    `SELECT 1 FROM job WHERE data_source = $1 AND state IN ('queued', 'running')
        AND (kind <> 'recovery' OR (request->>'original')::boolean) LIMIT 1`,
    [dataSource],
  )
  return rows.length > 0
}
