import { toHoldfastError } from '../../../core/model/error.ts'
import type { Queryable } from '../../catalog/database.ts'
import { lockWaitingDues, updateDue, updateDues, type DueRow } from '../../catalog/dues.ts'
import type { NewJob, TransferJobKind } from '../../catalog/job-requests.ts'
import type { SourceView } from '../../catalog/sources.ts'
import { judgeTransferable } from '../../flows/requirements.ts'
import { recordAllQueued } from '../queue.ts'
import { dueFailed } from './due-failed.ts'
import { noteOverlap } from './overlap.ts'
import { BY, type ScheduleDeps } from './schedule-deps.ts'
import { openOf, readStanding, type Standing } from './standing.ts'

const AT_ONCE = 200

/** What may start becomes a job. In batches: one transaction each, so that no lock is held for long. */
export async function startDues(deps: ScheduleDeps): Promise<void> {
  const seen = new Set<string>()
  for (;;) {
    const batch = await deps.database.tx(async (q) => {
      const dues = await lockWaitingDues(q, new Date(deps.clock.now()), AT_ONCE + seen.size)
      const fresh = dues.filter((due) => !seen.has(keyOf(due))).sort(byUrgency)
      for (const due of fresh) seen.add(keyOf(due))
      await startInTurns(q, deps, fresh)
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

interface Start {
  readonly due: DueRow
  readonly job: NewJob
}

/** What becomes of one due decides about others of its data source: never two of one at once. */
async function startInTurns(
  q: Queryable,
  deps: ScheduleDeps,
  dues: readonly DueRow[],
): Promise<void> {
  let left = dues
  while (left.length > 0) {
    const taken = new Set<string>()
    const turn = left.filter(({ dataSource }) => {
      const isFirst = !taken.has(dataSource)
      taken.add(dataSource)
      return isFirst
    })
    await startAll(q, deps, turn)
    left = left.filter((due) => !turn.includes(due))
  }
}

async function startAll(q: Queryable, deps: ScheduleDeps, dues: readonly DueRow[]): Promise<void> {
  const standing = await readStanding(q, dues)
  const starts: Start[] = []
  for (const due of dues) {
    const job = await jobOf(q, deps, standing, due)
    if (job) starts.push({ due, job })
  }
  const jobs = starts.map(({ job }) => job)
  const isReplicated = ({ dataSource }: NewJob) => standing.replicated.has(dataSource ?? '')
  const ids = await recordAllQueued(q, deps.random, jobs, isReplicated)
  await updateDues(
    q,
    starts.flatMap(({ due }, i) =>
      // Somebody else's transfer came between: the next look tries again.
      ids[i] === undefined ? [] : { due, change: { state: 'started' as const, job: ids[i] } },
    ),
  )
}

/** What the due asks for; undefined where it waits, or is over without a job, which is written down. */
async function jobOf(
  q: Queryable,
  deps: ScheduleDeps,
  standing: Standing,
  due: DueRow,
): Promise<NewJob | undefined> {
  if (await givesWay(q, deps, standing, due)) return undefined
  if (standing.busy.has(due.dataSource)) return undefined // the next look tries again
  const source = expect(standing.sources, due.dataSource)
  const { settings } = expect(standing.groups, due.group)
  const checkFirst = needsCheck(source, due)
  if (checkFirst && due.kind !== 'check' && settings.check !== 'auto') {
    await updateDue(q, due, { state: 'skipped', reason: 'replica-inconsistent' })
    return undefined
  }
  const kind = checkFirst ? 'consistency-check' : KIND_OF[due.kind]
  const wish = REQUEST_OF[kind]
  const host = expect(standing.hosts, source.hostId)
  try {
    judgeTransferable(source, host, standing.disks.get(source.id) ?? [], wish)
  } catch (error) {
    await dueFailed(q, deps, due, toHoldfastError(error).message)
    return undefined
  }
  const { consistency, fallback } = settings
  return {
    ...{ kind, dataSource: source.id, host: source.hostId, requestedBy: BY },
    group: due.group,
    request: { kind: wish, protect: false, consistency, fallback },
  }
}

function expect<T>(all: ReadonlyMap<string, T>, id: string): T {
  const found = all.get(id)
  if (found === undefined) throw new Error(`${id} is not in the catalog, but a due names it`)
  return found
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
async function givesWay(
  q: Queryable,
  deps: ScheduleDeps,
  standing: Standing,
  due: DueRow,
): Promise<boolean> {
  const { dataSource, kind } = due
  if (kind === 'synchronize' && openOf(standing, dataSource, 'point').length > 0) {
    await updateDue(q, due, { state: 'skipped', reason: 'covered-by-point' })
    return true
  }
  for (const other of openOf(standing, dataSource, kind)) {
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
