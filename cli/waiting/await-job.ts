import {
  type ErrorCode,
  fromFailure,
  HoldfastError,
  toHoldfastError,
} from '../../core/model/error.ts'
import { ENDED_JOB_STATES, type JobState } from '../../core/model/state.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import type { OperatorClient } from '../../core/wire/operator-client.ts'
import type { Job } from '../reply.ts'

// Jobs outlive a restart of the server, and of its database: waiting goes on when it is back within this time.
const PATIENCE_MS = 120_000
const RETRY_MS = 1000

export function hasEnded(job: Job): boolean {
  return ENDED_JOB_STATES.includes(job.state as JobState)
}

/** Follows a job to its end. Undefined when `signal` came first: the job goes on by itself. */
export async function awaitJob(
  client: Pick<OperatorClient, 'watchJob'>,
  id: string,
  clock: Clock,
  signal: AbortSignal,
  onChange: (job: Job) => void,
): Promise<Job | undefined> {
  let heardAt = clock.monotonic()
  while (!signal.aborted) {
    try {
      for await (const job of client.watchJob({ job: id }, { signal })) {
        heardAt = clock.monotonic()
        onChange(job)
        if (hasEnded(job)) return job
      }
    } catch (error) {
      if (signal.aborted) return undefined
      if (!isOutage(error) || clock.monotonic() - heardAt > PATIENCE_MS) throw unwatched(id, error)
    }
    await clock.sleep(RETRY_MS, signal).catch(() => undefined)
  }
  return undefined
}

const OUTAGES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  ...(['server-unreachable', 'stalled', 'database-unreachable'] as const),
  'job-interrupted', // the server said that it stops
])

function isOutage(error: unknown): boolean {
  const { code } = toHoldfastError(error)
  return OUTAGES.has(code)
}

function unwatched(id: string, error: unknown): HoldfastError {
  const { code, message } = toHoldfastError(error)
  return new HoldfastError(code, message, {
    hint: `when the server is back: holdfast job watch ${id}`,
    cause: error,
  })
}

/** Why an ended job did not do all that it was asked for; undefined when it did. */
export function jobFailure(job: Job): HoldfastError | undefined {
  if (job.error) return fromFailure(job.error)
  if (job.state === 'cancelled')
    return new HoldfastError('job-cancelled', `job ${job.id} was cancelled`)
  if (job.state === 'failed' || job.state === 'skipped')
    return new HoldfastError('internal', `job ${job.id} ended as ${job.state} without a reason`)
  if (job.point?.state === 'partial') return unreadable(job)
  return undefined
}

function unreadable(job: Job): HoldfastError {
  const disks = job.point?.disks.filter((disk) => (disk.unreadableBytes ?? 0) > 0) ?? []
  const parts = disks.map((disk) => `${disk.unreadableBytes ?? 0} bytes of ${disk.name}`)
  const what = parts.length > 0 ? parts.join(', ') : 'part of it'
  return new HoldfastError('source-unreadable', `${job.source ?? job.id}: could not read ${what}`, {
    hint: 'the point is kept as partial; what could not be read is missing from it',
  })
}
