import { openedRecords } from '../../core/wire/opened-records.ts'
import type { PlainPool } from '../../core/chunk/plain-pool.ts'
import { ERROR_CODES, fromFailure, toHoldfastError } from '../../core/model/error.ts'
import { HoldfastError } from '../../core/model/error.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import type { Logger } from '../../core/runtime/log.ts'
import type { TokenBucket } from '../../core/runtime/token-bucket.ts'
import type { FilePart__Output } from '../../core/wire/generated/holdfast/v1/FilePart.ts'
import type { Filled } from '../../core/wire/shape.ts'
import type { ServerLink } from '../link/server-link.ts'
import type { ItemWriter } from './item-writer.ts'
import type { Tally } from './tally.ts'

export interface PullItemsOptions {
  readonly link: Pick<ServerLink, 'pullFiles'>
  /** Opens the records that long content comes as. */
  readonly pool: PlainPool
  readonly job: string
  readonly epoch: number
  readonly throttle: TokenBucket
  readonly clock: Clock
  readonly log: Logger
  readonly signal: AbortSignal
  /** Plain bytes that came, and those that a head has announced. */
  readonly onBytes: (done: number, announced: number) => void
}

/** Where a recovery stands; it outlives a connection, and a restart of the server. */
export interface ItemProgress {
  readonly writer: ItemWriter
  readonly tally: Tally
  /** The first item that is not whole yet. */
  nextIndex: number
}

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 30_000
/** Tries without one new item before the recovery gives up: about four minutes. */
const FRUITLESS_TRIES = 12

/** Brings the items from the server to the writer. A cut connection is taken up where it stands. */
export async function pullItems(options: PullItemsOptions, progress: ItemProgress): Promise<void> {
  const { clock, log, signal, job } = options
  for (let fruitless = 0; ;) {
    const from = progress.nextIndex
    try {
      return await pullOnce(options, progress)
    } catch (error) {
      await progress.writer.end(false)
      signal.throwIfAborted()
      fruitless = progress.nextIndex > from ? 0 : fruitless + 1
      const failure = toHoldfastError(error)
      if (ERROR_CODES[failure.code] !== 'transient' || fruitless >= FRUITLESS_TRIES) throw failure
      log.warn('the recovery is cut and goes on', { job, reason: failure.message })
    }
    const waitMs = Math.min(FIRST_WAIT_MS * 2 ** fruitless, LONGEST_WAIT_MS)
    await clock.sleep(waitMs, signal)
  }
}

async function pullOnce(options: PullItemsOptions, progress: ItemProgress): Promise<void> {
  const { link, job, epoch, signal } = options
  const request = { job, epoch, fromIndex: progress.nextIndex, records: true }
  for await (const part of openedRecords(link.pullFiles(request, signal), options.pool)) {
    signal.throwIfAborted()
    await take(options, progress, part)
  }
  await progress.writer.end(true)
}

type Part = Filled<FilePart__Output>

async function take(options: PullItemsOptions, progress: ItemProgress, part: Part): Promise<void> {
  const { writer, tally } = progress
  const { head, data, hole, failed, warnings } = part
  if (head) {
    await writer.begin(head)
    const hasContent = head.type === 'file' && head.sameAs === null
    progress.nextIndex = hasContent ? head.index : head.index + 1
    options.onBytes(0, hasContent ? head.sizeBytes : 0)
  } else if (data) {
    await writer.data(data)
    await counted(options, data.length, data.length)
  } else if (failed) {
    await writer.failed(failed.path, failureOf(failed.error))
    progress.nextIndex = failed.index + 1
  } else if (hole !== null) {
    await writer.hole(hole)
    await counted(options, hole, 0)
  } else for (const warning of warnings?.warnings ?? []) tally.warn(warning)
}

async function counted(
  { throttle, signal, onBytes }: PullItemsOptions,
  bytes: number,
  sentBytes: number,
): Promise<void> {
  onBytes(bytes, 0)
  await throttle.take(sentBytes, signal)
}

function failureOf(error: Parameters<typeof fromFailure>[0] | null): HoldfastError {
  return error ? fromFailure(error) : new HoldfastError('internal', 'no reason was given')
}
