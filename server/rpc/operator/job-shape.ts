import type { Job__Output } from '../../../core/wire/generated/holdfast/v1/Job.ts'
import type { Queryable } from '../../catalog/database.ts'
import type { JobView } from '../../catalog/jobs-view.ts'
import { listPoints, type PointView } from '../../catalog/points.ts'
import type { JobResult } from '../../catalog/job-results.ts'
import { withoutAbsent } from './absent.ts'
import { toPoint } from './shapes.ts'

/** Jobs with the points that they made. */
export async function toJobs(q: Queryable, jobs: readonly JobView[]): Promise<Job__Output[]> {
  const ids = jobs.map((job) => resultOf(job).point).filter((id) => id !== undefined)
  const made = ids.length === 0 ? [] : await listPoints(q, { ids, all: true })
  const points = new Map(made.map((point) => [point.id, point]))
  return jobs.map((job) => toJob(job, points.get(resultOf(job).point ?? '')))
}

function resultOf(job: JobView): JobResult {
  return job.result ?? {}
}

function toJob(job: JobView, point: PointView | undefined): Job__Output {
  const { doneBytes, totalBytes, bytesPerSecond, error, warnings } = job
  const { id, kind, state, source, host, queuedAt, startedAt, finishedAt, attempt } = job
  const { check, verification, restore, collection, disks, items, expired } = resultOf(job)
  const { group, requestedBy } = job
  return {
    ...withoutAbsent({ source, host, group, requestedBy, startedAt, finishedAt }),
    ...withoutAbsent({ check, collection, expired }),
    ...{ id, kind, state, queuedAt, attempt, warnings: [...warnings] },
    progress: { doneBytes, totalBytes, bytesPerSecond },
    ...(error === null ? {} : { error: withoutAbsent(error) }),
    ...(point === undefined ? {} : { point: toPoint(point) }),
    ...(verification && {
      verification: { ...verification, damaged: [...verification.damaged] },
    }),
    ...(restore && {
      restore: { ...restore, files: [...restore.files], changes: [...restore.changes] },
    }),
    ...(items && {
      items: {
        ...items,
        lost: [...items.lost],
        failed: items.failed.map((one) => ({ ...one, error: withoutAbsent(one.error) })),
      },
    }),
    disks: (disks ?? []).map((disk) => withoutAbsent(disk)),
  }
}
