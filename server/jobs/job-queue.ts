import type { NewJob } from '../catalog/job-requests.ts'

/** All that asking for work takes; who claims and runs it is the queue's own matter. */
export interface JobQueue {
  /**
   * Records the job, with its event, and wakes a runner; gives the job's id. Throws 'job-running',
   * naming the other job, when the data source already has a transfer queued or running.
   */
  enqueue(job: NewJob): Promise<string>
  /**
   * Asks a queued or running job to stop; a queued one ends at once. Throws 'not-found'. A job that
   * has ended stays as it is.
   */
  cancel(id: string, reason: string, by: string): Promise<void>
}
