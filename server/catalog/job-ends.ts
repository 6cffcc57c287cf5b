import type { AlertType } from '../../core/model/alert-type.ts'
import type { JobKind, JobState } from '../../core/model/state.ts'
import type { Queryable } from './database.ts'

export interface JobEndSeen {
  readonly id: string
  readonly state: JobState
  readonly error: string | null
}

/** The newest of the servers' own jobs of a kind that is over, cancelled ones not counted. */
export async function lastEndOf(q: Queryable, kind: JobKind): Promise<JobEndSeen | undefined> {
  const [row] = await q.query<JobEndSeen>(
    `SELECT id, state, error->>'message' AS error FROM job
      WHERE kind = $1 AND state IN ('completed', 'completed-with-warnings', 'failed')
      ORDER BY queued_at DESC LIMIT 1`,
    [kind],
  )
  return row
}

export interface FailedByHand {
  readonly id: string
  readonly kind: JobKind
  readonly dataSource: string
  readonly name: string
  readonly error: string | null
}

/**
 * Transfers that people asked for and that failed since, where nothing was tried again meanwhile.
 * Of those that a schedule asked for, the schedule tells.
 */
export async function failedByHand(q: Queryable, sinceSeconds: number): Promise<FailedByHand[]> {
  return q.query(
    `SELECT j.id, j.kind, j.data_source AS "dataSource", h.name || '/' || s.name AS name,
            j.error->>'message' AS error
       FROM job j JOIN data_source s ON s.id = j.data_source JOIN host h ON h.id = s.host
      WHERE j.state = 'failed' AND j.finished_at > now() - make_interval(secs => $1)
        AND j.requested_by IS DISTINCT FROM 'schedule'
        AND j.kind IN ('initial-replication', 'synchronization', 'recovery-point',
                       'consistency-check')
        AND NOT EXISTS (SELECT FROM job l WHERE l.data_source = j.data_source
                           AND l.queued_at > j.queued_at
                           AND l.kind NOT IN ('recovery', 'item-recovery'))
      ORDER BY j.queued_at`,
    [sinceSeconds],
  )
}

/** What a transfer that succeeded says about the kinds that failed before. */
const OVER_BY: Readonly<Partial<Record<AlertType, readonly JobKind[]>>> = {
  'initial-replication-failed': ['initial-replication', 'consistency-check'],
  'synchronization-failed': [
    'initial-replication',
    'synchronization',
    'recovery-point',
    'consistency-check',
  ],
  'recovery-point-failed': ['initial-replication', 'recovery-point'],
  'consistency-check-failed': ['consistency-check'],
}

/** Alerts of failed transfers after which one succeeded, by type and data source. */
export async function mendedTransfers(
  q: Queryable,
): Promise<{ readonly type: AlertType; readonly object: string }[]> {
  return q.query(
    `SELECT a.type, a.object FROM alert a
       JOIN jsonb_each($1::jsonb) AS over_by (type, kinds) ON over_by.type = a.type
      WHERE a.state <> 'resolved'
        AND EXISTS (SELECT FROM job j
                     WHERE j.data_source = a.object AND j.state LIKE 'completed%'
                       AND j.finished_at > a.last_seen_at AND over_by.kinds ? j.kind)`,
    [JSON.stringify(OVER_BY)],
  )
}
