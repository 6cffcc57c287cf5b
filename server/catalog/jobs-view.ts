import { HoldfastError, type FailureShape } from '../../core/model/error.ts'
import type { JobKind, JobState } from '../../core/model/state.ts'
import type { Queryable } from './database.ts'
import { sorted, type Order, type SortedList } from './sorted-list.ts'
import { isoTime } from './time.ts'

/** A job as people and scripts see it; `result` is what its kind left (server/catalog/job-results.ts). */
export interface JobView {
  readonly id: string
  readonly kind: JobKind
  readonly state: JobState
  /** HOST/NAME. */
  readonly source: string | null
  readonly host: string | null
  /** Name of the protection group that it was done for. */
  readonly group: string | null
  readonly requestedBy: string | null
  readonly doneBytes: number
  readonly totalBytes: number
  readonly bytesPerSecond: number
  readonly queuedAt: string
  readonly startedAt: string | null
  readonly finishedAt: string | null
  readonly error: FailureShape | null
  readonly warnings: readonly string[]
  readonly attempt: number
  readonly request: unknown
  readonly result: unknown
}

interface JobViewRow extends Omit<JobView, 'queuedAt' | 'startedAt' | 'finishedAt'> {
  readonly queuedAt: Date
  readonly startedAt: Date | null
  readonly finishedAt: Date | null
}

export interface JobFilter {
  readonly id?: string | undefined
  readonly state?: string | undefined
  readonly dataSource?: string | undefined
  /** Only those of these data sources. */
  readonly within?: readonly string[] | undefined
  /** Id of a group. */
  readonly group?: string | undefined
  readonly kind?: string | undefined
  /** ISO 8601; when it was queued. */
  readonly since?: string | undefined
  /** Absent: the first page, newest first. */
  readonly order?: Order<JobColumn> | undefined
  /** 0 or absent: the newest 1,000. */
  readonly limit?: number | undefined
}

const JOBS_AT_ONCE = 1000

const JOBS = {
  row: 'job',
  from: `job j
       LEFT JOIN data_source s ON s.id = j.data_source
       LEFT JOIN host sh ON sh.id = s.host`,
  ...{ id: 'j.id', came: 'j.queued_at' },
  columns: {
    ...{ queued: 'j.queued_at', kind: 'j.kind', state: 'j.state' },
    source: `coalesce(sh.name || '/' || s.name, '')`,
  },
} as const satisfies SortedList<string>

export type JobColumn = keyof typeof JOBS.columns
export const JOB_COLUMNS = Object.keys(JOBS.columns) as JobColumn[]
const NEWEST_FIRST: Order<JobColumn> = { by: 'queued', descending: true }

export async function listJobs(q: Queryable, filter: JobFilter): Promise<JobView[]> {
  const { behind, orderBy, values } = await sorted(q, JOBS, filter.order ?? NEWEST_FIRST, [
    filter.id ?? null,
    filter.state ?? null,
    filter.dataSource ?? null,
    filter.limit || JOBS_AT_ONCE,
    filter.within ?? null,
    filter.group ?? null,
    filter.kind ?? null,
    filter.since ?? null,
  ])
  const rows = await q.query<JobViewRow>(
    `SELECT j.id, j.kind, j.state, sh.name || '/' || s.name AS source, h.name AS host, g.name AS "group",
            j.requested_by AS "requestedBy",
            j.done_bytes AS "doneBytes", j.total_bytes AS "totalBytes",
            j.bytes_per_second AS "bytesPerSecond", j.queued_at AS "queuedAt",
            j.started_at AS "startedAt", j.finished_at AS "finishedAt", j.error, j.warnings,
            j.attempt, j.request, j.result
       FROM ${JOBS.from}
       LEFT JOIN host h ON h.id = j.host
       LEFT JOIN protection_group g ON g.id = j.protection_group
      WHERE ($1::text IS NULL OR j.id = $1)
        AND ($2::text IS NULL OR j.state = $2)
        AND ($3::text IS NULL OR j.data_source = $3)
        AND ($5::text[] IS NULL OR j.data_source = ANY ($5))
        AND ($6::text IS NULL OR j.protection_group = $6)
        AND ($7::text IS NULL OR j.kind = $7)
        AND ($8::timestamptz IS NULL OR j.queued_at >= $8)
        AND ${behind}
      ORDER BY ${orderBy} LIMIT $4`,
    values,
  )
  return rows.map((row) => ({
    ...row,
    queuedAt: isoTime(row.queuedAt),
    startedAt: isoTime(row.startedAt),
    finishedAt: isoTime(row.finishedAt),
  }))
}

export async function getJob(q: Queryable, id: string): Promise<JobView> {
  const [job] = await listJobs(q, { id })
  if (job) return job
  throw new HoldfastError('not-found', `there is no job ${id}`, {
    hint: '`holdfast job list` shows all.',
  })
}

/** Mean rate of the last recoveries that wrote something, for an estimate; null before the first. */
export async function recoveryRate(q: Queryable): Promise<number | null> {
  const [row] = await q.query<{ rate: number | null }>(
    `SELECT sum(bytes) / nullif(sum(seconds), 0) AS rate FROM (
       SELECT total_bytes AS bytes, extract(epoch FROM finished_at - started_at) AS seconds FROM job
        WHERE kind = 'recovery' AND state LIKE 'completed%' AND total_bytes > 0
        ORDER BY queued_at DESC LIMIT 5) AS recent`,
  )
  return row?.rate ?? null
}
