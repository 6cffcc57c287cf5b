import { resolveAlerts } from '../../catalog/alerts.ts'
import type { Queryable } from '../../catalog/database.ts'
import { lockEndedDues, updateDue, updateDues, type EndedDue } from '../../catalog/dues.ts'
import { expireSources } from '../../flows/expire.ts'
import { FAILED_ALERT, dueFailed } from './due-failed.ts'
import type { ScheduleDeps } from './schedule-deps.ts'
import { CHECKED } from './start-dues.ts'

const AT_ONCE = 100

/** What the ends of jobs mean to the dues that asked for them; after a point, its source may expire. */
export async function settleDues(deps: ScheduleDeps): Promise<void> {
  for (;;) {
    const { count, made } = await deps.database.tx(async (q) => {
      const ended = await lockEndedDues(q, AT_ONCE)
      return { count: ended.length, made: await settleAll(q, deps, ended) }
    })
    await expireSources(deps, made)
    if (count < AT_ONCE) return
  }
}

/** Gives the data sources in which a new point may have come of it. */
async function settleAll(
  q: Queryable,
  deps: ScheduleDeps,
  ended: readonly EndedDue[],
): Promise<string[]> {
  const isCompleted = (due: EndedDue) => due.jobState?.startsWith('completed') === true
  for (const due of ended.filter((one) => !isCompleted(one))) await settleFailed(q, deps, due)
  const completed = ended.filter(isCompleted)
  await updateDues(
    q,
    completed.map((due) => ({ due, change: isMerelyChecked(due) ? CHECKED_FIRST : COMPLETED })),
  )
  const over = completed.filter((due) => !isMerelyChecked(due))
  for (const [kind, dues] of Map.groupBy(over, (due) => due.kind)) {
    const sources = dues.map(({ dataSource }) => dataSource)
    await resolveAlerts(q, FAILED_ALERT[kind], sources)
    await resolveAlerts(q, 'schedule-overlap', sources)
  }
  const made = over.filter(({ kind }) => kind === 'point' || kind === 'initial')
  return [...new Set(made.map(({ dataSource }) => dataSource))]
}

const COMPLETED = { state: 'completed' } as const
const CHECKED_FIRST = { state: 'waiting', reason: CHECKED } as const

async function settleFailed(q: Queryable, deps: ScheduleDeps, due: EndedDue): Promise<void> {
  if (due.jobState === 'cancelled')
    await updateDue(q, due, { state: 'skipped', reason: 'cancelled' })
  else await dueFailed(q, deps, due, due.error?.message ?? 'its job is not there any more')
}

/** The check that had to come first is done; what was due comes now. */
function isMerelyChecked({ kind, jobKind }: EndedDue): boolean {
  return jobKind === 'consistency-check' && kind !== 'check' && kind !== 'synchronize'
}
