import type { ServerLink } from '../link/server-link.ts'
import type { RestoredDisk } from '../../core/chunk/restore.ts'
import type { RestorePool } from '../../core/chunk/restore-pool.ts'
import type { Extent } from '../../core/model/extent.ts'
import { ERROR_CODES, HoldfastError, toHoldfastError } from '../../core/model/error.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import type { Logger } from '../../core/runtime/log.ts'
import type { TokenBucket } from '../../core/runtime/token-bucket.ts'
import type { PullFrameIn } from '../../core/wire/frame.ts'
import type { DiskRuns__Output } from '../../core/wire/generated/holdfast/v1/DiskRuns.ts'
import type { PullEnd__Output } from '../../core/wire/generated/holdfast/v1/PullEnd.ts'
import type { DiskTarget } from './disk-target.ts'
import { FrameScan, type ChunkRange } from './frame-scan.ts'

export interface PullOptions {
  readonly link: Pick<ServerLink, 'pull'>
  readonly job: string
  readonly epoch: number
  readonly disk: RestoredDisk
  /** These chunks alone; all where it is absent. */
  readonly range?: ChunkRange | undefined
  readonly pool: RestorePool
  readonly target: Pick<DiskTarget, 'sink' | 'zeros' | 'wrote'>
  readonly throttle: TokenBucket
  readonly clock: Clock
  readonly log: Logger
  readonly signal: AbortSignal
  /** Called with the plain bytes of each frame once they are written. */
  readonly onWritten: (bytes: number) => void
}

export interface PulledDisk {
  readonly records: number
  /** What the point lacks, because the source could not read it: left as holes. */
  readonly unreadable: readonly Extent[]
}

/** Frames in the sink's hands at once: enough for all workers, and a bound on memory. */
const FRAMES_IN_FLIGHT = 6
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 30_000
/** Tries without one new chunk before the restore gives up: about four minutes. */
const FRUITLESS_TRIES = 12

/**
 * Brings one disk from the server into the sink. A cut connection is taken up at the next chunk.
 * Resolves when every chunk is written and the server's count and digest root agree.
 */
export async function pullDisk(options: PullOptions): Promise<PulledDisk> {
  const scan = new FrameScan(options.disk, options.range)
  const writes = new WriteWindow(FRAMES_IN_FLIGHT)
  for (let fruitless = 0; ;) {
    const from = scan.next
    try {
      await pullOnce(options, scan, writes)
      return { records: scan.recordCount, unreadable: scan.unreadable }
    } catch (error) {
      // What the scan has counted must be written: a further try goes on behind it.
      await writes.drain()
      options.signal.throwIfAborted()
      fruitless = scan.next > from ? 0 : fruitless + 1
      checkWorthwhile(error, fruitless)
      noteCut(options, scan, error)
    }
    const waitMs = Math.min(FIRST_WAIT_MS * 2 ** fruitless, LONGEST_WAIT_MS)
    await options.clock.sleep(waitMs, options.signal)
  }
}

function checkWorthwhile(error: unknown, fruitless: number): void {
  const failure = toHoldfastError(error)
  const isTransient = ERROR_CODES[failure.code] === 'transient'
  if (!isTransient || fruitless >= FRUITLESS_TRIES) throw failure
}

function noteCut({ log, disk }: PullOptions, scan: FrameScan, error: unknown): void {
  const reason = toHoldfastError(error).message
  log.warn('the restore is cut and goes on', { disk: disk.name, chunk: scan.next, reason })
}

async function pullOnce(options: PullOptions, scan: FrameScan, writes: WriteWindow): Promise<void> {
  const { link, job, epoch, disk, range, signal } = options
  const have = range?.have ? { have: range.have } : {}
  const part = range ? { firstChunk: range.first, endChunk: range.end, ...have } : {}
  const request = { job, epoch, ordinal: disk.ordinal, fromChunk: scan.next, ...part }
  for await (const frame of link.pull(request, signal)) {
    signal.throwIfAborted()
    if ('end' in frame) {
      await writes.drain()
      return checkEnd(frame.end, scan, disk)
    }
    await take(options, scan, writes, frame)
  }
  throw new HoldfastError('job-interrupted', `disk ${disk.name}: the server stopped sending`)
}

async function take(
  options: PullOptions,
  scan: FrameScan,
  writes: WriteWindow,
  frame: Exclude<PullFrameIn, { end: unknown }>,
): Promise<void> {
  if ('runs' in frame) return takeRuns(options, scan, writes, frame.runs)
  const { pool, disk, target, throttle, signal, onWritten } = options
  // Read before the pool has them: their memory is given away.
  const sentBytes = frame.records.length
  scan.records(frame.records)
  const written = pool.write(frame.records, disk, target.sink).then((bytes) => {
    target.wrote(bytes)
    onWritten(bytes)
  })
  await writes.add(written)
  await throttle.take(sentBytes, signal)
}

async function takeRuns(
  { target }: PullOptions,
  scan: FrameScan,
  writes: WriteWindow,
  { runs }: DiskRuns__Output,
): Promise<void> {
  for (const { kind, start, count } of runs) {
    if (kind === 'BASE') {
      scan.same(start, count)
      continue
    }
    if (kind === 'ZERO') scan.zeros(start, count)
    else if (kind === 'UNREADABLE') scan.lost(start, count)
    else throw new HoldfastError('protocol-violation', `a run of ${kind} came`)
    await writes.add(target.zeros(start, count))
  }
}

function checkEnd(end: PullEnd__Output, scan: FrameScan, disk: RestoredDisk): void {
  if (scan.isComplete && end.digestRoot.equals(scan.digestRoot())) return
  const what = scan.isComplete
    ? 'the digests of what came are not those of the point'
    : `the server ended at chunk ${scan.next}`
  throw new HoldfastError('transfer-mismatch', `disk ${disk.name}: ${what}`)
}

/** Writes under way, at most `limit` of them. The first failure is thrown by the next call. */
class WriteWindow {
  readonly #limit: number
  readonly #running = new Set<Promise<void>>()
  #failure: { readonly error: unknown } | undefined

  constructor(limit: number) {
    this.#limit = limit
  }

  async add(write: Promise<void>): Promise<void> {
    const guarded: Promise<void> = write
      .catch((error: unknown) => {
        this.#failure ??= { error }
      })
      .then(() => void this.#running.delete(guarded))
    this.#running.add(guarded)
    while (this.#running.size >= this.#limit) await Promise.race(this.#running)
    this.#throwIfFailed()
  }

  async drain(): Promise<void> {
    await Promise.all(this.#running)
    this.#throwIfFailed()
  }

  #throwIfFailed(): void {
    if (this.#failure) throw this.#failure.error
  }
}
