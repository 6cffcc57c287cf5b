import { toFailure } from '../../core/model/error.ts'
import { recordEvent } from '../catalog/events.ts'
import { endJob, type JobEnd, type JobRow } from '../catalog/jobs.ts'
import type { Database, Queryable } from '../catalog/database.ts'
import { queueRecoveryNotice } from '../catalog/notices.ts'
import { recoveryToTell } from '../catalog/recoveries.ts'

/**
 * Ends a run, with what follows from it: holds go, the replica's state is told truthfully, an event
 * says it. False when another run has replaced this one.
 */
export async function endRun(
  database: Database,
  job: Pick<JobRow, 'id' | 'epoch' | 'kind' | 'dataSource'>,
  end: JobEnd,
): Promise<boolean> {
  return database.tx(async (q) => {
    if (!(await endJob(q, job.id, job.epoch, end))) return false
    await q.query(`DELETE FROM hold WHERE holder = $1`, [job.id])
    if (job.dataSource !== null && end.state !== 'completed') await settleReplica(q, job, end)
    if (job.kind === 'recovery' && end.state.startsWith('completed')) await noteBranch(q, job.id)
    if (job.kind === 'recovery' || job.kind === 'item-recovery') await tellOfRecovery(q, job.id)
    const message = end.error ? `${end.state}: ${end.error.message}` : end.state
    await recordEvent(q, { kind: `job-${end.state}`, about: job.id, message })
    return true
  })
}

export function failed(error: unknown): JobEnd {
  return { state: 'failed', error: toFailure(error) }
}

/** A transfer that did not commit leaves the replica as it was, or still missing. */
async function settleReplica(
  q: Queryable,
  job: Pick<JobRow, 'kind' | 'dataSource'>,
  end: JobEnd,
): Promise<void> {
  if (job.kind === 'recovery' || job.kind === 'item-recovery') return
  await q.query(
    `UPDATE data_source SET
       replica_state = CASE
         WHEN NOT EXISTS (SELECT FROM version v WHERE v.data_source = data_source.id
                             AND v.state = 'committed') THEN 'missing'
         WHEN replica_state = 'checking' THEN 'inconsistent'
         ELSE replica_state END,
       replica_reason = CASE WHEN replica_state IN ('initializing', 'checking') THEN $2
                             ELSE replica_reason END
     WHERE id = $1`,
    [job.dataSource, end.error?.message ?? end.state],
  )
}

/** The source is what its point was: the next version branches off there. */
async function noteBranch(q: Queryable, job: string): Promise<void> {
  await q.query(
    `UPDATE data_source SET branch_of = version.uid
       FROM job JOIN recovery_point p ON p.id = job.request->>'point'
                JOIN version ON version.id = p.version
      WHERE job.id = $1 AND (job.request->>'original')::boolean AND data_source.id = p.data_source`,
    [job],
  )
}

/** Whom the request named. */
async function tellOfRecovery(q: Queryable, job: string): Promise<void> {
  const recovery = await recoveryToTell(q, job)
  if (recovery) await queueRecoveryNotice(q, recovery.notify, recovery.notice)
}
