import { HoldfastError, toFailure, toHoldfastError } from '../../core/model/error.ts'
import type { JobReport } from '../../core/wire/generated/holdfast/v1/JobReport.ts'
import { ProgressReport, type SendReport } from './progress-report.ts'
import { allocatedBytesOf } from './recover-part.ts'
import { carryOut, type CarryOptions } from './carry-out.ts'

export interface RestoreOptions extends CarryOptions {
  readonly report: SendReport
  /** How it is carried out: its disks alone, unless somebody does more. */
  readonly carry?: typeof carryOut | undefined
  /**
   * Aborted with 'job-cancelled' when the job is cancelled, with anything else when the process
   * stops: then nothing is reported, and the job waits for another run.
   */
  readonly signal: AbortSignal
}

export interface RestoreOutcome {
  /** interrupted: undone and not reported, because the process stops or another run has the job. */
  readonly state: 'completed' | 'failed' | 'cancelled' | 'interrupted'
  readonly files: readonly string[]
  readonly changes: readonly string[]
  readonly warnings: readonly string[]
  readonly error?: HoldfastError
}

/**
 * Runs one restore to its end and reports it. Whatever goes wrong, nothing is left of the new
 * files and the old ones are as they were; only a block device is written in place.
 */
export async function runRestore(options: RestoreOptions): Promise<RestoreOutcome> {
  const { work, clock, log, report, undoLog } = options
  const totalBytes = work.part
    ? allocatedBytesOf(work.part)
    : work.disks.reduce((sum, disk) => sum + disk.allocatedBytes, 0)
  const job = { job: work.job, epoch: work.epoch, totalBytes, send: report, clock, log }
  const progress = new ProgressReport(job)
  const signal = AbortSignal.any([options.signal, progress.cancelled])
  progress.start()
  const outcome = await attempt({ ...options, signal }, progress)
  if (outcome.state === 'interrupted') await progress.stop()
  // What is done and not yet told stays in the log: a further run of the job tells it.
  else if (await progress.end(reportOf(outcome))) await undoLog.told(work.job)
  return outcome
}

async function attempt(options: RestoreOptions, progress: ProgressReport): Promise<RestoreOutcome> {
  try {
    const { carry = carryOut } = options
    const done = await carry(options, (bytes) => progress.add(bytes))
    return { state: 'completed', ...done }
  } catch (error) {
    return failure(options, error)
  }
}

function failure({ work, log, signal }: RestoreOptions, error: unknown): RestoreOutcome {
  const cause = toHoldfastError(signal.aborted ? signal.reason : error)
  log.warn('a restore has not been completed', { job: work.job, ...toFailure(cause) })
  return { state: stateOf(cause, signal), files: [], changes: [], warnings: [], error: cause }
}

function stateOf({ code }: HoldfastError, signal: AbortSignal): RestoreOutcome['state'] {
  if (code === 'job-cancelled') return 'cancelled'
  return signal.aborted ? 'interrupted' : 'failed'
}

function reportOf({ error, ...outcome }: RestoreOutcome): JobReport {
  const [files, changes] = [[...outcome.files], [...outcome.changes]]
  const warnings = [...outcome.warnings]
  const state = warnings.length > 0 ? 'completed-with-warnings' : outcome.state
  const report = { state, files, changes, warnings }
  return error ? { ...report, error: toFailure(error) } : report
}
