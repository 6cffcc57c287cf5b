import { raiseAlert, resolveAlert } from '../../catalog/alerts.ts'
import type { Queryable } from '../../catalog/database.ts'
import { insertDues } from '../../catalog/dues.ts'
import { getGroup } from '../../catalog/groups.ts'
import {
  closeInconsistencies,
  dueAutoChecks,
  openInconsistencies,
  setNextCheck,
} from '../../catalog/inconsistencies.ts'
import type { ScheduleDeps } from './schedule-deps.ts'

const MINUTE_MS = 60_000

/** After it became inconsistent, and after each check that did not repair it. */
const CHECK_AFTER_MS = [15 * MINUTE_MS, 60 * MINUTE_MS, 240 * MINUTE_MS] as const

/** Notes since when and why replicas are not consistent, and plans the checks that mend them. */
export async function observeReplicas(deps: ScheduleDeps): Promise<void> {
  const now = new Date(deps.clock.now())
  await deps.database.tx(async (q) => {
    for (const dataSource of await closeInconsistencies(q, now)) {
      await resolveAlert(q, 'replica-inconsistent', dataSource)
      await resolveAlert(q, 'consistency-check-failed', dataSource)
    }
    for (const { dataSource, cause } of await openInconsistencies(q, now, CHECK_AFTER_MS[0]))
      await raiseAlert(q, deps.random, {
        type: 'replica-inconsistent',
        severity: 'critical',
        object: dataSource,
        cause,
        action: 'A check repairs it. Its points can be recovered meanwhile.',
        command: 'holdfast check {object}',
      })
    for (const found of await dueAutoChecks(q, now)) await planCheck(q, deps, found, now)
  })
}

async function planCheck(
  q: Queryable,
  { random }: ScheduleDeps,
  { id, dataSource, group, checks, cause }: Awaited<ReturnType<typeof dueAutoChecks>>[number],
  now: Date,
): Promise<void> {
  const { settings } = await getGroup(q, group)
  if (settings.check !== 'auto') return setNextCheck(q, id, checks, null)
  if (checks < CHECK_AFTER_MS.length) {
    await insertDues(q, [{ dataSource, kind: 'check', dueAt: now, group, notBefore: now }])
    const wait = CHECK_AFTER_MS[checks + 1] ?? CHECK_AFTER_MS.at(-1) ?? 0
    return setNextCheck(q, id, checks + 1, new Date(now.getTime() + wait))
  }
  await setNextCheck(q, id, checks, null)
  await raiseAlert(q, random, {
    type: 'consistency-check-failed',
    severity: 'critical',
    object: dataSource,
    cause: `${checks} checks did not make the replica consistent: ${cause}`,
    action: 'See `holdfast job list --source SOURCE` for what stops them, then check again.',
    command: 'holdfast check {object}',
  })
}
