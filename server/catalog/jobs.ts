import { HoldfastError } from '../../core/model/error.ts'
import type { FailureShape } from '../../core/model/error.ts'
import type { JobKind, JobState } from '../../core/model/state.ts'
import type { Queryable } from './database.ts'
import { holdsCatalog } from './only-server.ts'

/** What a runner needs of a job; what people see of it is jobs-view.ts. */
export interface JobRow {
  readonly id: string
  readonly kind: JobKind
  readonly state: JobState
  readonly dataSource: string | null
  readonly host: string | null
  readonly epoch: number
  readonly attempt: number
  readonly request: unknown
  readonly cancelReason: string | null
}

const COLUMNS = `id, kind, state, data_source AS "dataSource", host, epoch, attempt, request,
  cancel_reason AS "cancelReason"`

export interface JobToQueue {
  readonly id: string
  readonly kind: JobKind
  readonly dataSource: string | null
  readonly host: string | null
  readonly request: unknown
  readonly priority: number
  readonly requestedBy: string
  readonly group?: string | null
}

const INSERT = `
  INSERT INTO job (id, kind, data_source, host, request, priority, requested_by, protection_group)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::int[],
                       $7::text[], $8::text[])`

/** Fails on the index job_one_transfer where the data source has a transfer queued or running. */
export async function insertJob(q: Queryable, job: JobToQueue): Promise<void> {
  await q.query(INSERT, columnsOf([job]))
}

/** Leaves out those whose data source has a transfer queued or running; gives the ids of the others. */
export async function insertJobs(q: Queryable, jobs: readonly JobToQueue[]): Promise<Set<string>> {
  if (jobs.length === 0) return new Set()
  const rows = await q.query<{ id: string }>(
    `${INSERT} ON CONFLICT DO NOTHING RETURNING id`,
    columnsOf(jobs),
  )
  return new Set(rows.map(({ id }) => id))
}

function columnsOf(jobs: readonly JobToQueue[]): unknown[] {
  return [
    jobs.map(({ id }) => id),
    jobs.map(({ kind }) => kind),
    jobs.map(({ dataSource }) => dataSource),
    jobs.map(({ host }) => host),
    jobs.map(({ request }) => JSON.stringify(request)),
    jobs.map(({ priority }) => priority),
    jobs.map(({ requestedBy }) => requestedBy),
    jobs.map(({ group }) => group ?? null),
  ]
}

/** Of these data sources, those with a transfer, or a recovery that writes them, queued or running. */
export async function busySources(
  q: Queryable,
  dataSources: readonly string[],
): Promise<Set<string>> {
  const rows = await q.query<{ id: string }>(
    `SELECT data_source AS id FROM job
      WHERE data_source = ANY ($1::text[]) AND state IN ('queued', 'running')
        AND (kind <> 'recovery' OR (request->>'original')::boolean)`,
    [dataSources],
  )
  return new Set(rows.map(({ id }) => id))
}

/**
 * Jobs that wait, the most urgent first: the servers' own, recoveries of hosts that are online, and
 * transfers of those that are free for one. Others would only stand before them.
 */
export async function listQueuedJobs(
  q: Queryable,
  hosts: { readonly online: readonly string[]; readonly free: readonly string[] },
  limit: number,
): Promise<JobRow[]> {
  return q.query(
    `SELECT ${COLUMNS} FROM job
      WHERE state = 'queued' AND (not_before IS NULL OR not_before <= now())
        AND NOT EXISTS (SELECT FROM job w WHERE w.id = job.request->>'after'
                           AND w.state IN ('queued', 'running'))
        AND (host IS NULL OR host = ANY ($3::text[])
             OR (host = ANY ($2::text[]) AND kind IN ('recovery', 'item-recovery')))
      ORDER BY priority DESC, queued_at LIMIT $1`,
    [limit, hosts.online, hosts.free],
  )
}

/**
 * Takes a queued job: a new epoch fences every earlier run of it. Undefined: somebody was faster, or
 * `backend` holds the catalog no more. Without `backend` the job is one that was just inserted, by a
 * transaction that nobody else sees yet.
 */
export async function claimJob(
  q: Queryable,
  id: string,
  holder: string,
  leaseMs: number,
  backend?: number,
): Promise<JobRow | undefined> {
  const [row] = await q.query<JobRow>(
    `UPDATE job SET state = 'running', epoch = epoch + 1, attempt = attempt + 1, holder = $2,
            expires_at = now() + make_interval(secs => $3), started_at = coalesce(started_at, now())
      WHERE id = $1 AND state = 'queued' AND ($4::int IS NULL OR ${holdsCatalog('$4')})
      RETURNING ${COLUMNS}`,
    [id, holder, leaseMs / 1000, backend ?? null],
  )
  return row
}

export async function extendLeases(
  q: Queryable,
  ids: readonly string[],
  holder: string,
  leaseMs: number,
): Promise<void> {
  await q.query(
    `UPDATE job SET expires_at = now() + make_interval(secs => $3)
      WHERE id = ANY($1) AND holder = $2 AND state = 'running'`,
    [ids, holder, leaseMs / 1000],
  )
}

/**
 * Running jobs whose lease ran out (or, with `holder`, all that it runs) wait again. Their epoch
 * rises at once, so that whoever still runs them is refused from here on.
 */
export async function requeueJobs(
  q: Queryable,
  which: { ids: readonly string[] } | 'expired',
): Promise<JobRow[]> {
  const condition = which === 'expired' ? 'expires_at < now()' : 'id = ANY($1)'
  return q.query(
    `UPDATE job SET state = 'queued', epoch = epoch + 1, holder = NULL, expires_at = NULL
      WHERE state = 'running' AND ${condition} RETURNING ${COLUMNS}`,
    which === 'expired' ? [] : [which.ids],
  )
}

export interface JobProgress {
  readonly doneBytes: number
  readonly totalBytes: number
  readonly bytesPerSecond: number
}

export async function saveProgress(
  q: Queryable,
  id: string,
  epoch: number,
  progress: JobProgress,
): Promise<void> {
  await q.query(
    `UPDATE job SET done_bytes = $3, total_bytes = $4, bytes_per_second = $5
      WHERE id = $1 AND epoch = $2 AND state = 'running'`,
    [id, epoch, progress.doneBytes, progress.totalBytes, Math.round(progress.bytesPerSecond)],
  )
}

export interface JobEnd {
  readonly state: 'completed' | 'completed-with-warnings' | 'failed' | 'cancelled' | 'skipped'
  readonly result?: unknown
  readonly error?: FailureShape | undefined
  readonly warnings?: readonly string[]
}

/** Whether this run was the one to end it. */
export async function endJob(
  q: Queryable,
  id: string,
  epoch: number,
  end: JobEnd,
): Promise<boolean> {
  const rows = await q.query(
    `UPDATE job SET state = $3, result = coalesce($4, result), error = $5,
            warnings = warnings || $6::text[], finished_at = now(), holder = NULL, expires_at = NULL,
            done_bytes = CASE WHEN $3 LIKE 'completed%' THEN total_bytes ELSE done_bytes END
      WHERE id = $1 AND epoch = $2 AND state IN ('running', 'queued') RETURNING id`,
    [
      id,
      epoch,
      end.state,
      end.result === undefined ? null : JSON.stringify(end.result),
      end.error === undefined ? null : JSON.stringify(end.error),
      end.warnings ?? [],
    ],
  )
  return rows.length > 0
}

export async function readJob(q: Queryable, id: string): Promise<JobRow | undefined> {
  const [row] = await q.query<JobRow>(`SELECT ${COLUMNS} FROM job WHERE id = $1`, [id])
  return row
}

/** The data source of a transfer job; only for the host that owns it, or for the server (null) its own job. */
export async function readJobSource(
  q: Queryable,
  job: string,
  host: string | null,
): Promise<{ dataSource: string; kind: string }> {
  const [row] = await q.query<{ dataSource: string; kind: string; host: string }>(
    `SELECT job.data_source AS "dataSource", job.request->>'kind' AS kind, data_source.host
       FROM job JOIN data_source ON data_source.id = job.data_source WHERE job.id = $1 AND job.host IS NOT DISTINCT FROM $2`,
    [job, host],
  )
  if (!row) throw new HoldfastError('not-found', `job ${job} is not one of this host's`)
  if (host !== null && row.host !== host)
    throw new HoldfastError('source-owned-elsewhere', 'the data source belongs to another host', {
      hint: 'Move it with `holdfast source move-owner`.',
    })
  return row
}

/** Jobs that earlier processes of this server ran wait again: nobody runs them any more. */
export async function requeueJobsOfServer(q: Queryable, serverId: string): Promise<void> {
  await q.query(
    `UPDATE job SET state = 'queued', epoch = epoch + 1, holder = NULL, expires_at = NULL
      WHERE state = 'running' AND holder LIKE $1 || ':%'`,
    [serverId],
  )
}
