import { mkdir } from 'node:fs/promises'
import { HoldfastError, toFailure, toHoldfastError } from '../../core/model/error.ts'
import type { PlainPool } from '../../core/chunk/plain-pool.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import type { Logger } from '../../core/runtime/log.ts'
import { OpenFolder } from '../../core/runtime/open-folder.ts'
import type { TokenBucket } from '../../core/runtime/token-bucket.ts'
import type { ItemRestoreWork__Output } from '../../core/wire/generated/holdfast/v1/ItemRestoreWork.ts'
import type { JobReport } from '../../core/wire/generated/holdfast/v1/JobReport.ts'
import type { ServerLink } from '../link/server-link.ts'
import { ProgressReport } from '../restore/progress-report.ts'
import { openTargetFolder } from '../restore/target-folder.ts'
import type { SearchPath } from '../source/find-tool.ts'
import { copyName, MOST_COPIES } from './free-name.ts'
import type { ItemMarkers } from './item-markers.ts'
import { ItemWriter } from './item-writer.ts'
import { pullItems, type ItemProgress } from './pull-items.ts'
import { Tally } from './tally.ts'
import { hasCode } from './write-failure.ts'

export interface ItemRunDeps {
  readonly link: Pick<ServerLink, 'pullFiles' | 'report'>
  readonly roots: readonly string[]
  readonly markers: ItemMarkers
  readonly pool: PlainPool
  /** `device:inode` of the disks of this host's sources. */
  readonly untouchable: () => Promise<ReadonlySet<string>>
  readonly searchPath: SearchPath
  readonly clock: Clock
  readonly log: Logger
}

interface Standing extends ItemProgress {
  readonly folder: string
}

/**
 * Recoveries of files in this process. One whose server went away is kept as it stands, so that a
 * further run of its job goes on there.
 */
export class ItemRuns {
  readonly #deps: ItemRunDeps
  readonly #kept = new Map<string, Standing>()
  /** Ended, and the server may not have heard of it: told again to a further run. */
  readonly #untold = new Map<string, JobReport>()

  constructor(deps: ItemRunDeps) {
    this.#deps = deps
  }

  /** `stopping` aborts with 'job-cancelled', or with anything else when the process stops. */
  async run(
    work: ItemRestoreWork__Output,
    throttle: TokenBucket,
    stopping: AbortSignal,
  ): Promise<void> {
    const { link, clock, log } = this.#deps
    const { job, epoch } = work
    const send = (report: JobReport) => link.report(report)
    const progress = new ProgressReport({ job, epoch, totalBytes: 0, send, clock, log })
    const signal = AbortSignal.any([stopping, progress.cancelled])
    progress.start()
    const report = this.#untold.get(job) ?? (await this.#attempt(work, throttle, progress, signal))
    if (report === undefined) return progress.stop()
    this.#untold.set(job, report)
    if (!(await progress.end(report))) return
    this.#untold.delete(job)
    await this.#deps.markers.clear(job)
  }

  /** What was half made goes; the jobs wait for another process, which will not go on with them. */
  async close(): Promise<void> {
    for (const { writer } of this.#kept.values()) await writer.abandon().catch(() => {})
    this.#kept.clear()
  }

  /** Undefined: interrupted, and nothing is to be reported. */
  async #attempt(
    work: ItemRestoreWork__Output,
    throttle: TokenBucket,
    progress: ProgressReport,
    signal: AbortSignal,
  ): Promise<JobReport | undefined> {
    let standing: Standing | undefined
    try {
      standing = this.#kept.get(work.job) ?? (await this.#begin(work))
      this.#kept.delete(work.job)
      await this.#pull(work, throttle, progress, signal, standing)
      await standing.writer.finish()
      return completed(standing)
    } catch (error) {
      const cause = toHoldfastError(signal.aborted ? signal.reason : error)
      this.#deps.log.warn('a recovery of files has ended early', {
        job: work.job,
        ...toFailure(cause),
      })
      if (cause.code === 'job-fenced' && standing) return void this.#kept.set(work.job, standing)
      await standing?.writer.abandon().catch(() => {}) // the reason of the end is another
      if (signal.aborted && cause.code !== 'job-cancelled') return undefined
      return endedEarly(cause, standing)
    }
  }

  async #begin({ job, ...work }: ItemRestoreWork__Output): Promise<Standing> {
    if (!/^[\w-]{1,64}$/.test(job)) throw new HoldfastError('protocol-violation', 'this is no job')
    const { roots, markers, searchPath, untouchable } = this.#deps
    if (await markers.has(job)) throw interrupted(work.folder)
    const target = await openTargetFolder(work.folder, roots)
    try {
      const named = await OpenFolder.again(target.fd, Buffer.from(target.path))
      const { root, path } = await resultFolder(named, target.path, work.resultFolder)
      await markers.set(job, path)
      const tally = new Tally()
      const writer = await ItemWriter.open({
        ...{ root, job, searchPath, tally, special: work.special },
        onConflict: wordOf(work.onConflict, ['copy', 'skip', 'overwrite']),
        owners: wordOf(work.owners, ['keep', 'target']),
        isRoot: process.getuid?.() === 0,
        untouchable: await untouchable(),
      })
      return { writer, tally, folder: path, nextIndex: 0 }
    } finally {
      await target.close()
    }
  }

  async #pull(
    { job, epoch }: ItemRestoreWork__Output,
    throttle: TokenBucket,
    progress: ProgressReport,
    signal: AbortSignal,
    standing: Standing,
  ): Promise<void> {
    const { link, pool, clock, log } = this.#deps
    let total = standing.tally.bytes
    progress.set(standing.tally.bytes, total)
    const onBytes = (done: number, announced: number) => {
      total += announced
      progress.set(progress.doneBytes + done, total)
    }
    await pullItems({ link, pool, job, epoch, throttle, clock, log, signal, onBytes }, standing)
  }
}

/** Refused rather than done a second time: what has its name may have been changed since. */
function interrupted(folder: string): HoldfastError {
  return new HoldfastError('job-interrupted', 'the agent ended while it wrote these files', {
    hint: `What is in ${folder} is whole. Start it again with --on-conflict skip to get the rest.`,
  })
}

/** A new folder below the named one, or that itself where none is wanted. */
async function resultFolder(
  named: OpenFolder,
  path: string,
  name: string,
): Promise<{ root: OpenFolder; path: string }> {
  if (name === '') return { root: named, path }
  if (!/^[\w.-]{1,200}$/.test(name) || /^\.+$/.test(name))
    throw new HoldfastError('protocol-violation', `${name} is no name for a folder`)
  try {
    for (let copies = 0; copies <= MOST_COPIES; copies++) {
      const as = copies === 0 ? Buffer.from(name) : copyName(Buffer.from(name), copies)
      try {
        await mkdir(named.within(as), 0o755)
        return { root: await named.folder(as), path: `${path}/${as.toString()}` }
      } catch (error) {
        if (!hasCode(error, 'EEXIST')) throw error
      }
    }
    throw new HoldfastError('target-exists', `${path}/${name} is there already, many times`)
  } finally {
    await named.close()
  }
}

function wordOf<T extends string>(text: string, words: readonly T[]): T {
  const word = words.find((one) => one === text)
  if (word !== undefined) return word
  throw new HoldfastError('protocol-violation', `"${text}" is none of ${words.join(', ')}`)
}

function completed({ tally, folder }: Standing): JobReport {
  const items = tally.result(folder)
  const { failedCount, restored, skipped, firstFailure, warnings } = tally
  if (failedCount > 0 && restored + skipped === 0 && firstFailure)
    return { state: 'failed', items, warnings, error: firstFailure }
  const isAll = failedCount === 0 && tally.lost.sentences().length === 0 && warnings.length === 0
  return { state: isAll ? 'completed' : 'completed-with-warnings', items, warnings }
}

function endedEarly(cause: HoldfastError, standing: Standing | undefined): JobReport {
  const state = cause.code === 'job-cancelled' ? 'cancelled' : 'failed'
  const error = toFailure(cause)
  if (!standing) return { state, error }
  const { tally, folder } = standing
  return { state, error, items: tally.result(folder), warnings: tally.warnings }
}
