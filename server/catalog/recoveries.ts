import type { JobState } from '../../core/model/state.ts'
import type { Queryable } from './database.ts'

export interface RunningRecovery {
  readonly job: string
  /** HOST/NAME of the data source that its point is of. */
  readonly name: string
  readonly requestedBy: string | null
}

/** What a recovery recovers from is the point that was asked for; its data source may be another's. */
const OF_POINT = `JOIN recovery_point p ON p.id = j.request->>'point'
       JOIN data_source s ON s.id = p.data_source JOIN host h ON h.id = s.host`

export async function runningRecoveries(q: Queryable): Promise<RunningRecovery[]> {
  return q.query(
    `SELECT j.id AS job, h.name || '/' || s.name AS name, j.requested_by AS "requestedBy"
       FROM job j ${OF_POINT}
      WHERE j.state = 'running' AND j.kind IN ('recovery', 'item-recovery')`,
  )
}

export interface EndedRecovery {
  readonly job: string
  readonly source: string
  readonly name: string
  readonly state: JobState
  readonly error: string | null
  readonly warnings: readonly string[]
  readonly failedItems: number
}

/** Of each data source the one that ended last, within so many days. Cancelled ones say nothing. */
export async function lastRecoveries(q: Queryable, days: number): Promise<EndedRecovery[]> {
  return q.query(
    `SELECT DISTINCT ON (s.id) j.id AS job, s.id AS source, h.name || '/' || s.name AS name, j.state,
            j.error->>'message' AS error, j.warnings,
            coalesce(jsonb_array_length(j.result->'items'->'failed'), 0) AS "failedItems"
       FROM job j ${OF_POINT}
      WHERE j.kind IN ('recovery', 'item-recovery') AND j.state <> 'cancelled'
        AND j.finished_at > now() - make_interval(days => $1)
      ORDER BY s.id, j.finished_at DESC`,
    [days],
  )
}
