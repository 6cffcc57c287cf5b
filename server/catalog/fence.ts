import { HoldfastError } from '../../core/model/error.ts'
import type { Queryable } from './database.ts'

/** Which run of which job a mutation belongs to. */
export interface Fence {
  readonly job: string
  readonly epoch: number
}

/** First statement of every mutation of a job: refuses a run that another has replaced. */
export async function holdFence(q: Queryable, fence: Fence): Promise<void> {
  const rows = await q.query(
    `SELECT 1 FROM job WHERE id = $1 AND epoch = $2 AND state = 'running' FOR SHARE`,
    [fence.job, fence.epoch],
  )
  if (rows.length === 0)
    throw new HoldfastError('job-fenced', `job ${fence.job} is no longer this process's to run`, {
      hint: 'Another run has taken it over, or it was cancelled; see `holdfast job show`.',
    })
}
