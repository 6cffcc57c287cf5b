import type { RestorePool } from '../../core/chunk/restore-pool.ts'
import { HoldfastError, toFailure, toHoldfastError } from '../../core/model/error.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import type { Logger } from '../../core/runtime/log.ts'
import type { TokenBucket } from '../../core/runtime/token-bucket.ts'
import type { JobReport } from '../../core/wire/generated/holdfast/v1/JobReport.ts'
import type { RestoreWork__Output } from '../../core/wire/generated/holdfast/v1/RestoreWork.ts'
import type { ServerLink } from '../link/server-link.ts'
import { checkNotInUse, type FindOpeners } from './in-use.ts'
import { openTarget } from './open-target.ts'
import { planAlternates } from './place-alternates.ts'
import { planOriginals, type OriginalDisk } from './place-originals.ts'
import { ProgressReport, type SendReport } from './progress-report.ts'
import { pullDisk } from './pull-disk.ts'
import { checkPlan, undoFiles, type DiskPlace, type RestorePlan } from './restore-plan.ts'
import { swapIn, undo } from './swap.ts'
import type { UndoLog, UndoRecord } from './undo-log.ts'

export interface RestoreOptions {
  readonly work: RestoreWork__Output
  readonly link: Pick<ServerLink, 'pull'>
  readonly pool: RestorePool
  /** Folders that restores may write below: given ones, DATA/restores, the sources' own places. */
  readonly roots: readonly string[]
  /** Where the disks of a source lie or lay. Throws 'source-missing'. */
  readonly resolveOriginal: (sourceKey: string) => Promise<readonly OriginalDisk[]>
  readonly findOpeners: FindOpeners
  readonly undoLog: UndoLog
  readonly throttle: TokenBucket
  readonly report: SendReport
  readonly clock: Clock
  readonly log: Logger
  readonly signal: AbortSignal
}

export interface RestoreOutcome {
  readonly state: 'completed' | 'failed' | 'cancelled'
  readonly files: readonly string[]
  readonly changes: readonly string[]
  readonly error?: HoldfastError
}

/**
 * Runs one restore to its end and reports it. Whatever goes wrong, nothing is left of the new
 * files and the old ones are as they were; only a block device is written in place.
 */
export async function runRestore(options: RestoreOptions): Promise<RestoreOutcome> {
  const { work, clock, log, report } = options
  const totalBytes = work.disks.reduce((sum, disk) => sum + disk.allocatedBytes, 0)
  const job = { job: work.job, epoch: work.epoch, totalBytes, send: report, clock, log }
  const progress = new ProgressReport(job)
  const signal = AbortSignal.any([options.signal, progress.cancelled])
  progress.start()
  const outcome = await attempt({ ...options, signal }, progress)
  await progress.end(endReport(outcome))
  return outcome
}

async function attempt(options: RestoreOptions, progress: ProgressReport): Promise<RestoreOutcome> {
  try {
    const plan = await makePlan(options)
    try {
      await runPlan(options, plan, progress)
      return { state: 'completed', files: plan.places.map(finalPath), changes: plan.changes }
    } finally {
      for (const folder of plan.folders.values()) await folder.close()
    }
  } catch (error) {
    return failure(options, error)
  }
}

function failure({ work, log, signal }: RestoreOptions, error: unknown): RestoreOutcome {
  const reason: unknown = signal.aborted ? signal.reason : error
  const cause = isAbort(reason)
    ? new HoldfastError('job-cancelled', 'the job was cancelled', { cause: reason })
    : toHoldfastError(reason)
  log.warn('a restore has failed', { job: work.job, ...toFailure(cause) })
  const state = cause.code === 'job-cancelled' ? 'cancelled' : 'failed'
  return { state, files: [], changes: [], error: cause }
}

function isAbort(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'AbortError'
}

async function makePlan(options: RestoreOptions): Promise<RestorePlan> {
  const { work, roots, resolveOriginal } = options
  checkJobName(work.job)
  const plan = work.original
    ? await planOriginals(work, await resolveOriginal(work.sourceKey))
    : await planAlternates(work, roots)
  try {
    await checkPlan(plan)
    await checkNotInUse(plan.places, work.evenIfOpen, options.findOpeners)
  } catch (error) {
    for (const folder of plan.folders.values()) {
      await folder.removeMade()
      await folder.close()
    }
    throw error
  }
  return plan
}

/** It becomes part of file names. */
function checkJobName(job: string): void {
  if (/^[\w-]{1,64}$/.test(job)) return
  throw new HoldfastError('protocol-violation', `"${job}" is no job`)
}

async function runPlan(
  options: RestoreOptions,
  plan: RestorePlan,
  progress: ProgressReport,
): Promise<void> {
  const { work, undoLog } = options
  const record: UndoRecord = {
    job: work.job,
    epoch: work.epoch,
    phase: 'writing',
    files: undoFiles(plan),
  }
  await undoLog.write(record)
  try {
    for (const place of plan.places) await restoreDisk(options, place, progress)
    await checkNotInUse(plan.places, work.evenIfOpen, options.findOpeners)
    options.signal.throwIfAborted()
  } catch (error) {
    await undoAll(options, record, plan)
    throw error
  }
  await swapOrUndo(options, record, plan)
}

async function swapOrUndo(
  options: RestoreOptions,
  record: UndoRecord,
  plan: RestorePlan,
): Promise<void> {
  const { undoLog, log } = options
  try {
    await swapIn(record, undoLog, plan.folders)
  } catch (error) {
    const left = (await undoLog.records()).find(({ job }) => job === record.job)
    if (left && left.phase !== 'swapped') {
      await undoAll(options, left, plan)
      throw error
    }
    // Every file is in its place for good; the next start removes what is left over.
    log.warn('a restore left files to remove', { job: record.job, error: String(error) })
  }
}

/** An undo that fails stays in the log: the next start of the agent tries again. */
async function undoAll(
  { undoLog, log }: RestoreOptions,
  record: UndoRecord,
  plan: RestorePlan,
): Promise<void> {
  try {
    await undo(record, undoLog, plan.folders)
    for (const folder of plan.folders.values()) await folder.removeMade()
  } catch (error) {
    log.error('a restore left files behind', { job: record.job, error: String(error) })
  }
}

async function restoreDisk(
  options: RestoreOptions,
  place: DiskPlace,
  progress: ProgressReport,
): Promise<void> {
  const { work, link, pool, throttle, clock, log, signal } = options
  const target = await openTarget(place, signal)
  try {
    await pullDisk({
      link,
      pool,
      throttle,
      clock,
      log,
      signal,
      target,
      job: work.job,
      epoch: work.epoch,
      disk: place.disk,
      onWritten: (bytes) => progress.add(bytes),
    })
    await target.finish()
  } catch (error) {
    await target.abandon()
    throw namePoint(error, work)
  }
}

/** A damaged chunk is told with the point that it belongs to. */
function namePoint(error: unknown, work: RestoreWork__Output): unknown {
  if (!(error instanceof HoldfastError) || error.code !== 'chunk-damaged') return error
  if (work.point === '' || error.message.includes(work.point)) return error
  const { hint, details } = error
  return new HoldfastError(error.code, `${error.message} (point ${work.point})`, {
    hint,
    details: { ...details, point: work.point },
    cause: error,
  })
}

function finalPath(place: DiskPlace): string {
  return place.kind === 'device' ? place.path : `${place.folder.path}/${place.file}`
}

function endReport({ state, files, changes, error }: RestoreOutcome): JobReport {
  const report = { state, files: [...files], changes: [...changes] }
  if (!error) return report
  const { code, message, hint } = error
  return { ...report, error: hint === undefined ? { code, message } : { code, message, hint } }
}
