import type { FailureShape } from '../../core/model/error.ts'
import { failpoint } from '../../core/runtime/failpoint.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import { readJob, saveProgress } from '../catalog/jobs.ts'
import type { ItemResult } from '../catalog/job-results.ts'
import type { Database } from '../catalog/database.ts'
import type { JobNews } from './job-news.ts'
import { endRun } from './outcome.ts'

export interface AgentReport {
  readonly job: string
  readonly epoch: number
  readonly state: 'running' | 'completed' | 'completed-with-warnings' | 'failed' | 'cancelled'
  readonly doneBytes: number
  readonly totalBytes: number
  readonly writtenBytes: number
  readonly error: FailureShape | undefined
  readonly warnings: readonly string[]
  readonly files: readonly string[]
  readonly changes: readonly string[]
  readonly items: ItemResult | undefined
}

interface Rate {
  readonly at: number
  readonly doneBytes: number
  readonly bytesPerSecond: number
}

/** What agents say of their jobs. */
export class Reports {
  readonly #database: Database
  readonly #clock: Clock
  readonly #news: Pick<JobNews, 'tell'>
  readonly #rates = new Map<string, Rate>()

  constructor(database: Database, clock: Clock, news: Pick<JobNews, 'tell'>) {
    this.#database = database
    this.#clock = clock
    this.#news = news
  }

  /** `fenced`: another run has the job, or it has ended: stop at once. */
  async take(host: string, report: AgentReport): Promise<{ cancel: boolean; fenced: boolean }> {
    const job = await readJob(this.#database, report.job)
    const isCurrent = job?.host === host && job.epoch === report.epoch && job.state === 'running'
    if (!isCurrent) {
      this.#rates.delete(report.job) // a transfer's commit has ended its job
      // The agent has its receipt: what was told as committed must hold from here on.
      if (report.state === 'completed') await failpoint('commit.after-acknowledge')
      return { cancel: false, fenced: true }
    }
    if (report.state === 'running') {
      await saveProgress(this.#database, job.id, job.epoch, this.#progress(report))
      return { cancel: job.cancelReason !== null, fenced: false }
    }
    this.#rates.delete(job.id)
    await saveProgress(this.#database, job.id, job.epoch, this.#progress(report))
    await endRun(this.#database, job, {
      state: job.cancelReason === null ? report.state : endOfCancelled(report.state),
      error: report.error,
      warnings: report.warnings,
      ...(job.kind === 'recovery' ? { result: { restore: restoreResult(report) } } : {}),
      ...(job.kind === 'item-recovery' ? { result: { items: report.items } } : {}),
    })
    this.#news.tell(job.id)
    return { cancel: false, fenced: false }
  }

  /** Smoothed over a few reports. */
  #progress({ job, doneBytes, totalBytes }: AgentReport) {
    const now = this.#clock.monotonic()
    const before = this.#rates.get(job) ?? { at: now, doneBytes, bytesPerSecond: 0 }
    const seconds = (now - before.at) / 1000
    const measured = seconds > 0 ? Math.max(0, doneBytes - before.doneBytes) / seconds : 0
    const bytesPerSecond =
      before.bytesPerSecond === 0 ? measured : before.bytesPerSecond * 0.6 + measured * 0.4
    this.#rates.set(job, { at: now, doneBytes, bytesPerSecond })
    return { doneBytes, totalBytes, bytesPerSecond }
  }
}

/** Somebody cancelled it; what it failed with then is the cancellation. */
function endOfCancelled(state: AgentReport['state']): Exclude<AgentReport['state'], 'running'> {
  return state === 'failed' || state === 'running' ? 'cancelled' : state
}

function restoreResult(report: AgentReport) {
  const { writtenBytes, files, changes } = report
  return { bytesWritten: writtenBytes, files, changes }
}
