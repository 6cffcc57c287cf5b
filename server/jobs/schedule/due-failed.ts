import type { AlertType } from '../../../core/model/alert-type.ts'
import { raiseAlert } from '../../catalog/alerts.ts'
import type { Queryable } from '../../catalog/database.ts'
import { updateDue, type DueKind, type DueRow } from '../../catalog/dues.ts'
import { recordEvent } from '../../catalog/events.ts'
import type { ScheduleDeps } from './schedule-deps.ts'

const MINUTE_MS = 60_000

/** Only the member that failed is tried again. */
const RETRY_AFTER_MS = [10 * MINUTE_MS, 60 * MINUTE_MS] as const

export const FAILED_ALERT: Readonly<Record<DueKind, AlertType>> = {
  initial: 'initial-replication-failed',
  point: 'recovery-point-failed',
  synchronize: 'synchronization-failed',
  check: 'consistency-check-failed',
}

const RUN_AGAIN: Readonly<Record<DueKind, string>> = {
  initial: 'holdfast point create {object}',
  point: 'holdfast point create {object}',
  synchronize: 'holdfast sync {object}',
  check: 'holdfast check {object}',
}

export async function dueFailed(
  q: Queryable,
  { random, clock }: ScheduleDeps,
  due: DueRow,
  cause: string,
): Promise<void> {
  const attempt = due.attempt + 1
  const wait = RETRY_AFTER_MS[due.attempt]
  if (wait !== undefined) {
    const notBefore = new Date(clock.now() + wait)
    await updateDue(q, due, { state: 'waiting', attempt, notBefore })
    const message = `${due.kind} failed (${cause}); the next try is at ${notBefore.toISOString()}`
    return recordEvent(q, { kind: 'due-retried', about: due.dataSource, message })
  }
  await updateDue(q, due, { state: 'failed', attempt, reason: cause.slice(0, 500) })
  await raiseAlert(q, random, {
    type: FAILED_ALERT[due.kind],
    severity: 'critical',
    object: due.dataSource,
    cause: `${attempt} runs failed, the last with: ${cause}`,
    action:
      'See `holdfast job list --source SOURCE` for what it was. Once that is mended, run it again.',
    command: RUN_AGAIN[due.kind],
  })
}
