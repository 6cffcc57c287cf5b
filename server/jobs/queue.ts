import { HoldfastError } from '../../core/model/error.ts'
import type { JobKind } from '../../core/model/state.ts'
import { randomId, type Random } from '../../core/runtime/random.ts'
import { isUniqueViolation } from '../catalog/database-error.ts'
import { recordEvent, recordEvents, type NewEvent } from '../catalog/events.ts'
import { insertJob, insertJobs, type JobToQueue } from '../catalog/jobs.ts'
import { replicatedOf } from '../catalog/versions.ts'
import type { Database, Queryable } from '../catalog/database.ts'
import type { JobQueue } from './job-queue.ts'
import type { NewJob } from '../catalog/job-requests.ts'

export interface QueueDeps {
  readonly database: Database
  readonly random: Random
  /** Called when there is something to run, or to stop. */
  readonly wake: () => void
}

/** Jobs in PostgreSQL: what is recorded here runs, whatever dies. */
export function createJobQueue({ database, random, wake }: QueueDeps): JobQueue {
  return {
    async enqueue(job) {
      const taken = await tryInsert(database, random, job)
      wake()
      return taken
    },
    async cancel(id, reason, by) {
      await database.tx((q) => requestCancel(q, id, reason, by))
      wake()
    },
  }
}

async function tryInsert(database: Database, random: Random, job: NewJob): Promise<string> {
  try {
    return await database.tx((q) => recordQueued(q, random, job))
  } catch (error) {
    if (!isUniqueViolation(error, 'job_one_transfer') || job.dataSource === undefined) throw error
    return takeUpInterrupted(database, job.dataSource, job)
  }
}

/** Records the job in the caller's transaction, which must wake a runner when it has committed. */
export async function recordQueued(q: Queryable, random: Random, job: NewJob): Promise<string> {
  const toQueue = jobToQueue(random, job, await hasVersion(q, job))
  await insertJob(q, toQueue)
  await recordEvent(q, queuedEvent(toQueue.id, job))
  return toQueue.id
}

/**
 * The same of many transfers in a few statements. `isReplicated` says whether a job's data source has a
 * version. Gives the id of each; undefined where its data source has another transfer meanwhile.
 */
export async function recordAllQueued(
  q: Queryable,
  random: Random,
  jobs: readonly NewJob[],
  isReplicated: (job: NewJob) => boolean,
): Promise<(string | undefined)[]> {
  const all = jobs.map((job) => jobToQueue(random, job, isReplicated(job)))
  const queued = await insertJobs(q, all)
  const ids = all.map(({ id }) => (queued.has(id) ? id : undefined))
  await recordEvents(
    q,
    jobs.flatMap((job, i) => (ids[i] === undefined ? [] : queuedEvent(ids[i], job))),
  )
  return ids
}

function jobToQueue(random: Random, job: NewJob, isReplicated: boolean): JobToQueue {
  return {
    id: randomId(random, 'j', 12),
    kind: kindOf(job, isReplicated),
    dataSource: job.dataSource ?? null,
    host: job.host ?? null,
    request: job.request,
    priority: job.priority ?? 0,
    requestedBy: job.requestedBy,
    group: job.group ?? null,
  }
}

function queuedEvent(about: string, { kind, requestedBy }: NewJob): NewEvent {
  return { kind: 'job-queued', about, message: `${kind} was asked for`, actor: requestedBy }
}

/** The first transfer of a data source is its initial replication, whatever was asked for. */
function kindOf({ kind }: NewJob, isReplicated: boolean): JobKind {
  const isFirst = (kind === 'synchronization' || kind === 'recovery-point') && !isReplicated
  return isFirst ? 'initial-replication' : kind
}

async function hasVersion(q: Queryable, { dataSource }: NewJob): Promise<boolean> {
  if (dataSource === undefined) return false
  return (await replicatedOf(q, [dataSource])).has(dataSource)
}

/**
 * A transfer that was cut waits for its agent: who asks again gets that job, with the new wishes.
 * Any other that is under way is not disturbed.
 */
async function takeUpInterrupted(
  database: Database,
  dataSource: string,
  job: NewJob,
): Promise<string> {
  const [interrupted] = await database.query<{ id: string }>(
    `UPDATE job SET request = $2, not_before = NULL
      WHERE data_source = $1 AND state = 'queued' AND attempt > 0 AND cancel_reason IS NULL
        AND kind NOT IN ('recovery', 'item-recovery')
        AND host IS NOT DISTINCT FROM $3 RETURNING id`,
    [dataSource, JSON.stringify(job.request), job.host ?? null],
  )
  if (interrupted) return interrupted.id
  const [running] = await database.query<{ id: string; kind: string; state: string }>(
    `SELECT id, kind, state FROM job WHERE data_source = $1 AND state IN ('queued', 'running')
        AND kind NOT IN ('recovery', 'item-recovery') LIMIT 1`,
    [dataSource],
  )
  const what = running ? `${running.kind} ${running.id} is ${running.state}` : 'another just ended'
  throw new HoldfastError('job-running', `the data source is busy: ${what}`, {
    hint: 'Wait for it with `holdfast job watch`, or stop it with `holdfast job cancel`.',
  })
}

export async function requestCancel(
  q: Queryable,
  id: string,
  reason: string,
  by: string,
): Promise<void> {
  const [job] = await q.query<{ state: string }>(
    `UPDATE job SET
       cancel_reason = CASE WHEN state IN ('queued', 'running') THEN $2 ELSE cancel_reason END,
       finished_at = CASE WHEN state = 'queued' THEN now() ELSE finished_at END,
       state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END
     WHERE id = $1 RETURNING state`,
    [id, reason],
  )
  if (!job)
    throw new HoldfastError('not-found', `there is no job ${id}`, {
      hint: '`holdfast job list` shows all.',
    })
  if (job.state !== 'running' && job.state !== 'cancelled') return
  await recordEvent(q, { kind: 'job-cancel', about: id, message: reason, actor: by })
}
