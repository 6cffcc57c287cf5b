import { raiseAlert } from '../../catalog/alerts.ts'
import type { Queryable } from '../../catalog/database.ts'
import { lastDues, updateDue, type DueRow } from '../../catalog/dues.ts'
import { recordEvent } from '../../catalog/events.ts'
import { readJob } from '../../catalog/jobs.ts'
import type { ScheduleDeps } from './schedule-deps.ts'

const TOLD_AFTER = 3

/** A due job is skipped because the one before is not over; three in a row are told. */
export async function noteOverlap(
  q: Queryable,
  { random }: ScheduleDeps,
  skipped: DueRow,
  other: DueRow,
): Promise<void> {
  const job = other.job === null ? undefined : await readJob(q, other.job)
  // Waiting for its agent is another trouble, with an alert of its own.
  const reason = job?.state === 'queued' ? 'waits-for-agent' : 'overlap'
  await updateDue(q, skipped, { state: 'skipped', reason })
  const message = `${skipped.kind} due at ${skipped.dueAt.toISOString()} was skipped: ${reason}`
  await recordEvent(q, { kind: 'due-skipped', about: skipped.dataSource, message })
  const last = await lastDues(q, skipped.dataSource, skipped.kind, TOLD_AFTER)
  if (last.length < TOLD_AFTER || last.some((due) => due.reason !== 'overlap')) return
  await raiseAlert(q, random, {
    type: 'schedule-overlap',
    severity: 'warning',
    object: skipped.dataSource,
    cause: `${TOLD_AFTER} times in a row the job before was still running when the next was due`,
    action: 'Make the schedule wider, or raise its limits: `holdfast group update`.',
  })
}
