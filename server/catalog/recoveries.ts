import type { JobState } from '../../core/model/state.ts'
import type { Queryable } from './database.ts'
import type { RecoveryNotice } from './notices.ts'
import { isoTime } from './time.ts'

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

interface ToldRow extends Omit<RecoveryNotice, 'startedAt' | 'finishedAt'> {
  readonly notify: readonly string[]
  readonly startedAt: Date | null
  readonly finishedAt: Date | null
}

/** A recovery that has ended, for the addresses that its request named; undefined where it named none. */
export async function recoveryToTell(
  q: Queryable,
  job: string,
): Promise<{ readonly notify: readonly string[]; readonly notice: RecoveryNotice } | undefined> {
  const [row] = await q.query<ToldRow>(
    `SELECT j.id AS job, j.state, h.name || '/' || s.name AS source, p.id AS point, t.name AS host,
            coalesce((j.result->'restore'->>'bytesWritten')::int8, 0) AS "bytesWritten",
            coalesce(j.result->'restore'->'files', '[]') AS files, j.warnings,
            j.error->>'message' AS error, j.started_at AS "startedAt",
            j.finished_at AS "finishedAt", j.request->'notify' AS notify
       FROM job j ${OF_POINT} JOIN host t ON t.id = j.host
      WHERE j.id = $1 AND jsonb_array_length(j.request->'notify') > 0`,
    [job],
  )
  if (!row) return undefined
  const { notify, startedAt, finishedAt, ...rest } = row
  return {
    notify,
    notice: { ...rest, startedAt: isoTime(startedAt), finishedAt: isoTime(finishedAt) },
  }
}
