import type { RestorePool } from '../../core/chunk/restore-pool.ts'
import { HoldfastError } from '../../core/model/error.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import type { Logger } from '../../core/runtime/log.ts'
import type { TokenBucket } from '../../core/runtime/token-bucket.ts'
import type { RestoreWork__Output } from '../../core/wire/generated/holdfast/v1/RestoreWork.ts'
import type { ServerLink } from '../link/server-link.ts'
import { checkNotInUse, type FindWriters } from './in-use.ts'
import type { DiskTarget } from './disk-target.ts'
import { openTarget } from './open-target.ts'
import { planAlternates } from './place-alternates.ts'
import { planOriginals, type OriginalDisk } from './place-originals.ts'
import { openPresent } from './present-target.ts'
import { pullDisk } from './pull-disk.ts'
import { checkPlan, undoFiles, type DiskPlace, type RestorePlan } from './restore-plan.ts'
import { rollBack } from './roll-back.ts'
import { swapIn, undo } from './swap.ts'
import { lostRanges } from './lost-ranges.ts'
import type { UndoLog, UndoRecord } from './undo-log.ts'

export interface CarryOptions {
  readonly work: RestoreWork__Output
  readonly link: Pick<ServerLink, 'pull'>
  readonly pool: RestorePool
  /** Folders that restores may write below: given ones, DATA/restores, the sources' own places. */
  readonly roots: readonly string[]
  /** Where the disks of a source lie or lay. Throws 'source-missing'. */
  readonly resolveOriginal: (sourceKey: string) => Promise<readonly OriginalDisk[]>
  readonly findWriters: FindWriters
  readonly undoLog: UndoLog
  readonly throttle: TokenBucket
  readonly clock: Clock
  readonly log: Logger
  readonly signal: AbortSignal
  /** Fills a target in another way than from its disk; gives what the point lacks, in words. */
  readonly fill?: ((target: DiskTarget) => Promise<string[]>) | undefined
}

/** What a restore has made, and what of it differs from the source. */
export interface Restored {
  readonly files: readonly string[]
  readonly changes: readonly string[]
  /** Ranges that the point lacks, in words; they are holes in the files. */
  readonly warnings: readonly string[]
}

export type OnWritten = (bytes: number) => void

/** Plans, checks, writes beside, swaps in. Throws after everything was taken back. */
export async function carryOut(options: CarryOptions, onWritten: OnWritten): Promise<Restored> {
  const { work, undoLog } = options
  checkJobName(work.job)
  const earlier = await undoLog.read(work.job)
  if (earlier?.phase === 'finished') {
    const { made: files, changes, warnings } = earlier
    return { files, changes, warnings }
  }
  if (earlier)
    throw new HoldfastError('job-running', `an earlier run of ${work.job} is not cleaned up yet`)
  const plan = await makePlan(options)
  try {
    const warnings = await runPlan(options, plan, onWritten)
    return { ...restored(plan), warnings }
  } finally {
    for (const folder of plan.folders.values()) await folder.close()
  }
}

/** It becomes part of file names. */
function checkJobName(job: string): void {
  if (/^[\w-]{1,64}$/.test(job)) return
  throw new HoldfastError('protocol-violation', `"${job}" is no job`)
}

async function makePlan(options: CarryOptions): Promise<RestorePlan> {
  const { work, roots, resolveOriginal, findWriters } = options
  const plan = work.original
    ? await planOriginals(work, await resolveOriginal(work.sourceKey))
    : await planAlternates(work, roots)
  try {
    await checkPlan(plan)
    await checkNotInUse(plan.places, work.evenIfOpen, findWriters)
  } catch (error) {
    for (const folder of plan.folders.values()) {
      await folder.removeMade()
      await folder.close()
    }
    throw error
  }
  return plan
}

async function runPlan(
  options: CarryOptions,
  plan: RestorePlan,
  onWritten: OnWritten,
): Promise<string[]> {
  const { work, undoLog, signal } = options
  const record = recordOf(work, plan)
  const warnings: string[] = []
  await undoLog.write(record)
  try {
    for (const place of plan.places)
      warnings.push(...(await restoreDisk(options, place, onWritten)))
    await checkNotInUse(plan.places, work.evenIfOpen, options.findWriters)
    signal.throwIfAborted()
  } catch (error) {
    await undoAll(options, record, plan)
    throw error
  }
  await swapOrUndo(options, { ...record, warnings }, plan)
  return warnings
}

function recordOf({ job, epoch }: RestoreWork__Output, plan: RestorePlan): UndoRecord {
  const { files: made, changes } = restored(plan)
  const files = undoFiles(plan)
  return { job, epoch, phase: 'writing', files, made, changes, warnings: [] }
}

function restored({ places, changes }: RestorePlan): Omit<Restored, 'warnings'> {
  const files = places.map((place) =>
    place.kind === 'device' ? place.path : `${place.folder.path}/${place.file}`,
  )
  return { files, changes }
}

async function swapOrUndo(
  options: CarryOptions,
  record: UndoRecord,
  plan: RestorePlan,
): Promise<void> {
  const { undoLog, log } = options
  try {
    await swapIn(record, undoLog, plan.folders)
  } catch (error) {
    const left = await undoLog.read(record.job)
    if (left?.phase !== 'swapped' && left?.phase !== 'finished') {
      await undoAll(options, left ?? record, plan)
      throw error
    }
    // Every file is in its place for good; the next start removes what is left over.
    log.warn('a restore left files to remove', { job: record.job, error: String(error) })
  }
}

/** An undo that fails stays in the log: the next start of the agent tries again. */
async function undoAll(
  { undoLog, log }: CarryOptions,
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
  { work, ...options }: CarryOptions,
  place: DiskPlace,
  onWritten: OnWritten,
): Promise<string[]> {
  const isKnown = work.original && !options.fill
  const known = isKnown ? await openPresent(place, options.signal) : undefined
  const target = known?.target ?? (await openTarget(place, options.signal))
  try {
    const { job, epoch } = work
    const { disk } = place
    const pulled = { ...options, job, epoch, target, disk, onWritten }
    const lost = options.fill
      ? await options.fill(target)
      : lostRanges(
          disk.name,
          (await (known ? rollBack(pulled, known.present) : pullDisk(pulled))).unreadable,
        )
    await target.finish()
    return lost
  } catch (error) {
    await target.abandon()
    throw namePoint(error, work.point)
  }
}

/** A damaged chunk is told with the point that it belongs to. */
function namePoint(error: unknown, point: string): unknown {
  if (!(error instanceof HoldfastError) || error.code !== 'chunk-damaged') return error
  if (point === '' || error.message.includes(point)) return error
  const { code, message, hint, details } = error
  const more = { hint, details: { ...details, point }, cause: error }
  return new HoldfastError(code, `${message} (point ${point})`, more)
}
