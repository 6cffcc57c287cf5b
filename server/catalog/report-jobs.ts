import type { Queryable } from './database.ts'
import type { Span } from './report-sources.ts'

/** How jobs of a kind ended. */
export interface ReportedJobs {
  readonly kind: string
  readonly completed: number
  readonly warned: number
  readonly failed: number
  readonly cancelled: number
}

export function reportedJobs(q: Queryable, { since, until }: Span): Promise<ReportedJobs[]> {
  return q.query(
    `SELECT kind, count(*) FILTER (WHERE state = 'completed')::int AS completed,
            count(*) FILTER (WHERE state = 'completed-with-warnings')::int AS warned,
            count(*) FILTER (WHERE state = 'failed')::int AS failed,
            count(*) FILTER (WHERE state = 'cancelled')::int AS cancelled
       FROM job WHERE finished_at >= $1 AND finished_at < $2 GROUP BY kind ORDER BY kind`,
    [since, until],
  )
}

/** The newest of each list. */
const MOST = 1000

export interface ReportedFailure {
  readonly job: string
  readonly kind: string
  readonly source: string | null
  readonly at: Date
  readonly code: string
  readonly message: string
}

export function reportedFailures(q: Queryable, { since, until }: Span): Promise<ReportedFailure[]> {
  return q.query(
    `SELECT j.id AS job, j.kind, h.name || '/' || s.name AS source, j.finished_at AS at,
            coalesce(j.error->>'code', '') AS code, coalesce(j.error->>'message', '') AS message
       FROM job j LEFT JOIN data_source s ON s.id = j.data_source LEFT JOIN host h ON h.id = s.host
      WHERE j.state = 'failed' AND j.finished_at >= $1 AND j.finished_at < $2
      ORDER BY j.finished_at DESC, j.id LIMIT ${MOST}`,
    [since, until],
  )
}

export interface ReportedRecovery {
  readonly job: string
  readonly kind: string
  readonly source: string | null
  readonly state: string
  readonly by: string | null
  readonly at: Date
  readonly bytes: number
}

/** What was recovered is the data source of the point, wherever it went. */
export function reportedRecoveries(
  q: Queryable,
  { since, until }: Span,
): Promise<ReportedRecovery[]> {
  return q.query(
    `SELECT j.id AS job, j.kind, h.name || '/' || s.name AS source, j.state,
            j.requested_by AS by, j.finished_at AS at, j.done_bytes AS bytes
       FROM job j LEFT JOIN recovery_point p ON p.id = j.request->>'point'
       LEFT JOIN data_source s ON s.id = p.data_source LEFT JOIN host h ON h.id = s.host
      WHERE j.kind IN ('recovery', 'item-recovery')
        AND j.finished_at >= $1 AND j.finished_at < $2
      ORDER BY j.finished_at DESC, j.id LIMIT ${MOST}`,
    [since, until],
  )
}
