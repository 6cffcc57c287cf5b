import type { AlertType } from '../../core/model/alert-type.ts'
import type { JobKind } from '../../core/model/state.ts'
import type { Random } from '../../core/runtime/random.ts'
import { raiseAlert, resolveAlert } from '../catalog/alerts.ts'
import type { Queryable } from '../catalog/database.ts'
import { failedByHand, mendedTransfers } from '../catalog/job-ends.ts'

const ALERT_OF: Readonly<Partial<Record<JobKind, AlertType>>> = {
  'initial-replication': 'initial-replication-failed',
  synchronization: 'synchronization-failed',
  'recovery-point': 'recovery-point-failed',
  'consistency-check': 'consistency-check-failed',
}

const RUN_AGAIN: Readonly<Partial<Record<JobKind, string>>> = {
  'initial-replication': 'holdfast point create {object}',
  synchronization: 'holdfast sync {object}',
  'recovery-point': 'holdfast point create {object}',
  'consistency-check': 'holdfast check {object}',
}

const LOOK_BACK_SECONDS = 3600

/**
 * Transfers that failed without a schedule that tries them again; and the end of all alerts of failed
 * ones, whoever raised them, once one succeeds.
 */
export async function settleFailedTransfers(q: Queryable, random: Random): Promise<void> {
  for (const { id, kind, dataSource, name, error } of await failedByHand(q, LOOK_BACK_SECONDS)) {
    const type = ALERT_OF[kind]
    if (!type) continue
    await raiseAlert(q, random, {
      ...{ type, severity: 'warning', object: dataSource, occurrence: id },
      cause: `${kind} of ${name} failed (${id}): ${error ?? ''}`,
      action: 'Mend the cause and run it again. What arrived is kept and not sent again.',
      command: RUN_AGAIN[kind] ?? '',
    })
  }
  for (const { type, object } of await mendedTransfers(q)) await resolveAlert(q, type, object)
}
