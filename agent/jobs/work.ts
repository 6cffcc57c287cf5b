import type { RestorePool } from '../../core/chunk/restore-pool.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import type { Logger } from '../../core/runtime/log.ts'
import { TokenBucket } from '../../core/runtime/token-bucket.ts'
import type { RestoreWork__Output } from '../../core/wire/generated/holdfast/v1/RestoreWork.ts'
import type { TransferWork__Output } from '../../core/wire/generated/holdfast/v1/TransferWork.ts'
import type { Work__Output } from '../../core/wire/generated/holdfast/v1/Work.ts'
import type { ItemRuns } from '../items/run-items.ts'
import type { ServerLink } from '../link/server-link.ts'
import { recoverMachine, type MachineDeps } from '../recovery/recover-machine.ts'
import type { CarryOptions, OnWritten } from '../restore/carry-out.ts'
import { recoverPart } from '../restore/recover-part.ts'
import { runRestore } from '../restore/restore.ts'
import type { UndoLog } from '../restore/undo-log.ts'
import type { SearchPath } from '../source/find-tool.ts'
import { findWriters } from '../source/open-files.ts'
import type { RememberedSources } from '../source/remembered-sources.ts'
import type { SourceProvider } from '../source/source.ts'
import type { ReadPool } from '../transfer/read-pool.ts'
import type { JobRuns } from './job-runs.ts'
import { runTransferJob } from './run-transfer.ts'
import { twoLimits } from './two-limits.ts'

export interface WorkDeps {
  readonly link: ServerLink
  readonly provider: SourceProvider
  readonly remembered: RememberedSources
  readonly runs: JobRuns
  readonly items: ItemRuns
  readonly undoLog: UndoLog
  readonly restoreRoots: readonly string[]
  readonly readPool: ReadPool
  readonly restorePool: RestorePool
  /** The host's limit on what transfers send. */
  readonly throttle: TokenBucket
  /** Folder of scripts that groups may name; undefined: none. */
  readonly scripts: string | undefined
  /** Where tools are looked for. */
  readonly searchPath: SearchPath
  readonly machine: MachineDeps
  readonly clock: Clock
  readonly log: Logger
}

/** Starts, stops and slows jobs as the server says. */
export function createWorkHandler(deps: WorkDeps): (work: Work__Output) => void {
  const limits = new Map<string, TokenBucket>()
  const runLimited = (
    { job, bytesPerSecond }: { readonly job: string; readonly bytesPerSecond: number },
    run: (limit: TokenBucket, signal: AbortSignal) => Promise<void>,
  ) => {
    const limit = new TokenBucket(deps.clock, bytesPerSecond)
    limits.set(job, limit)
    deps.runs.start(job, async (signal) => {
      try {
        await run(limit, signal)
      } finally {
        limits.delete(job)
      }
    })
  }
  return ({ transfer, restore, items, cancel, throttle }) => {
    if (transfer) {
      deps.throttle.setRate(transfer.bytesPerSecond)
      const own = { job: transfer.job, bytesPerSecond: transfer.jobBytesPerSecond }
      runLimited(own, (limit, signal) => runTransferWork(deps, transfer, limit, signal))
    } else if (restore) {
      runLimited(restore, (limit, signal) => runRestoreWork(deps, restore, limit, signal))
    } else if (items) {
      runLimited(items, (limit, signal) => deps.items.run(items, limit, signal))
    } else if (cancel) deps.runs.cancel(cancel.job, cancel.reason)
    else if (throttle) {
      const limit = throttle.job === '' ? deps.throttle : limits.get(throttle.job)
      limit?.setRate(throttle.bytesPerSecond)
    }
  }
}

function runTransferWork(
  deps: WorkDeps,
  order: TransferWork__Output,
  limit: TokenBucket,
  signal: AbortSignal,
): Promise<void> {
  const { link, provider, readPool: pool, scripts, clock, log } = deps
  const throttle = twoLimits(deps.throttle, limit)
  return runTransferJob({ link, provider, pool, throttle, scripts, clock, log }, order, signal)
}

/** A whole VM is more than its disks. */
function carryOf({ machine: deps }: WorkDeps, { machine, part }: RestoreWork__Output) {
  if (part)
    return (options: CarryOptions, onWritten: OnWritten) => recoverPart(options, part, onWritten)
  if (!machine) return undefined
  return (options: CarryOptions, onWritten: OnWritten) =>
    recoverMachine(deps, options, machine, onWritten)
}

async function runRestoreWork(
  deps: WorkDeps,
  work: RestoreWork__Output,
  throttle: TokenBucket,
  signal: AbortSignal,
): Promise<void> {
  const { link, restorePool: pool, restoreRoots: roots, undoLog, clock, log } = deps
  await runRestore({
    ...{ work, link, pool, roots, undoLog, throttle, clock, log, signal },
    resolveOriginal: (key) => deps.remembered.disksOf(key),
    findWriters: (paths) => findWriters(paths, deps.searchPath),
    report: (report) => link.report(report),
    carry: carryOf(deps, work),
  })
}
