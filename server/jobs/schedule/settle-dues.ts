import { resolveAlert } from '../../catalog/alerts.ts'
import type { Queryable } from '../../catalog/database.ts'
import { lockEndedDues, updateDue, type EndedDue } from '../../catalog/dues.ts'
import { expireSource } from '../../flows/expire.ts'
import { FAILED_ALERT, dueFailed } from './due-failed.ts'
import type { ScheduleDeps } from './schedule-deps.ts'
import { CHECKED } from './start-dues.ts'

const AT_ONCE = 100

/** What the ends of jobs mean to the dues that asked for them; after a point, its source may expire. */
export async function settleDues(deps: ScheduleDeps): Promise<void> {
  for (;;) {
    const made: string[] = []
    const count = await deps.database.tx(async (q) => {
      const ended = await lockEndedDues(q, AT_ONCE)
      for (const due of ended) if (await settle(q, deps, due)) made.push(due.dataSource)
      return ended.length
    })
    for (const dataSource of made) await expireSource(deps, dataSource)
    if (count < AT_ONCE) return
  }
}

/** True when a new point may have come of it. */
async function settle(q: Queryable, deps: ScheduleDeps, due: EndedDue): Promise<boolean> {
  if (due.jobState?.startsWith('completed')) return completed(q, due)
  if (due.jobState === 'cancelled') {
    await updateDue(q, due, { state: 'skipped', reason: 'cancelled' })
    return false
  }
  await dueFailed(q, deps, due, due.error?.message ?? 'its job is not there any more')
  return false
}

async function completed(q: Queryable, due: EndedDue): Promise<boolean> {
  const wasCheckFirst = due.kind !== 'check' && due.jobKind === 'consistency-check'
  if (wasCheckFirst && due.kind !== 'synchronize') {
    await updateDue(q, due, { state: 'waiting', reason: CHECKED })
    return false
  }
  await updateDue(q, due, { state: 'completed' })
  await resolveAlert(q, FAILED_ALERT[due.kind], due.dataSource)
  await resolveAlert(q, 'schedule-overlap', due.dataSource)
  return due.kind === 'point' || due.kind === 'initial'
}
