import cron from 'node-cron'
import { toHoldfastError } from '../../core/model/error.ts'
import type { Logger } from '../../core/runtime/log.ts'
import type { ServerMode } from '../flows/server-mode.ts'
import type { JobQueue } from './job-queue.ts'
import type { NewJob } from '../catalog/job-requests.ts'

export interface SchedulerDeps {
  readonly queue: JobQueue
  readonly mode: ServerMode
  readonly log: Logger
}

export const COLLECTION_AT = '30 0 * * *'
const COMPACTION_AT = '0 1 * * *'
const VERIFICATION_AT = '0 2 * * *'

const BY = 'schedule'

/** Stored bytes that a nightly slice reads: 30 nights of it re-read 7.5 TiB. */
const VERIFIED_A_NIGHT = 256 * 1024 ** 3

/** What the server does by itself each night, in its own time zone. Gives how to stop it. */
export function startScheduler({ queue, mode, log }: SchedulerDeps): () => Promise<void> {
  const enqueue = async (job: NewJob) => {
    try {
      await queue.enqueue(job)
    } catch (error) {
      log.error('a nightly job could not be queued', {
        job: job.kind,
        reason: toHoldfastError(error).message,
      })
    }
  }
  const nightly: [string, NewJob][] = [
    [COLLECTION_AT, { kind: 'collection', request: {}, requestedBy: BY }],
    [COMPACTION_AT, { kind: 'compaction', request: {}, requestedBy: BY }],
    [VERIFICATION_AT, verification()],
  ]
  // A catalog older than its store decides nothing about what may go.
  const allowed = mode.name === 'normal' ? nightly : nightly.slice(-1)
  const tasks = allowed.map(([at, job]) => cron.schedule(at, () => enqueue(job)))
  return async () => {
    for (const task of tasks) await task.destroy()
  }
}

function verification(): NewJob {
  const request = { points: [], all: true, limitBytes: VERIFIED_A_NIGHT }
  return { kind: 'verification', request, requestedBy: BY }
}
