import type { JobKind, JobState } from '../../core/model/state.ts'
import type { Queryable } from './database.ts'

export interface EndedJobs {
  readonly kind: JobKind
  readonly state: JobState
  readonly count: number
  readonly bytes: number
}

/** Of the last day. */
export async function endedJobs(q: Queryable): Promise<EndedJobs[]> {
  return q.query(
    `SELECT kind, state, count(*)::int AS count, coalesce(sum(done_bytes), 0)::int8 AS bytes
       FROM job WHERE finished_at > now() - interval '1 day'
      GROUP BY kind, state ORDER BY kind, state`,
  )
}
