import { HoldfastError, toFailure, toHoldfastError } from '../../core/model/error.ts'
import type { JobReport } from '../../core/wire/generated/holdfast/v1/JobReport.ts'
import type { TransferWork__Output } from '../../core/wire/generated/holdfast/v1/TransferWork.ts'
import type { ServerLink } from '../link/server-link.ts'
import { betweenScripts } from '../scripts/around.ts'
import { ProgressReport } from '../restore/progress-report.ts'
import { runTransfer, type TransferDeps } from './transfer-job.ts'

export interface TransferRunDeps extends TransferDeps {
  readonly link: Pick<ServerLink, 'plan' | 'map' | 'push' | 'report'>
  /** Folder of scripts that groups may name; undefined: none. */
  readonly scripts: string | undefined
}

/**
 * Runs one transfer and reports how it ended. A committed one was ended by its commit: that report
 * finds the job ended and changes nothing.
 */
export async function runTransferJob(
  deps: TransferRunDeps,
  order: TransferWork__Output,
  stopping: AbortSignal,
): Promise<void> {
  const { link, clock, log } = deps
  const { job, epoch } = order
  const send = (report: JobReport) => link.report(report)
  const progress = new ProgressReport({ job, epoch, totalBytes: 0, send, clock, log })
  const signal = AbortSignal.any([stopping, progress.cancelled])
  progress.start()
  const report = await attempt(deps, order, progress, signal)
  // A process that stops leaves its job to the next one: staged, not failed.
  if (isLeft(stopping) || report === 'fenced') return progress.stop()
  await progress.end(report)
}

/** A job that somebody cancelled is told of; the others go on elsewhere, or in the next process. */
function isLeft(stopping: AbortSignal): boolean {
  return stopping.aborted && toHoldfastError(stopping.reason).code !== 'job-cancelled'
}

async function attempt(
  deps: TransferRunDeps,
  order: TransferWork__Output,
  progress: ProgressReport,
  signal: AbortSignal,
): Promise<JobReport | 'fenced'> {
  try {
    await betweenScripts(deps.scripts, order, deps.log, signal, () =>
      runTransfer(deps, order, progress, signal),
    )
    return { state: 'completed' }
  } catch (error) {
    const cause: unknown = signal.aborted ? signal.reason : error
    const { code, message } = toHoldfastError(cause)
    if (code === 'job-fenced') return 'fenced'
    deps.log.warn('the transfer failed', { job: order.job, code, reason: message })
    const state =
      cause instanceof HoldfastError && code === 'job-cancelled' ? 'cancelled' : 'failed'
    return { state, error: toFailure(cause) }
  }
}
