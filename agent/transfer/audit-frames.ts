import { toHoldfastError } from '../../core/model/error.ts'
import { digestOf } from '../../core/model/digest.ts'
import { chunkLength, chunkOffset } from '../../core/model/geometry.ts'
import type { PushFrameOut } from '../../core/wire/frame.ts'
import type { SourceDisk } from '../source/source.ts'

export interface AuditOptions {
  readonly disk: SourceDisk
  readonly ordinal: number
  readonly chunkBytes: number
  /** Rising indexes of chunks to look at although the change record may not name them. */
  readonly sampled: readonly number[]
  /** The disk is read whole beside its change record: the server judges the record by that. */
  readonly audited: boolean
  readonly signal: AbortSignal
}

const RUNS_OF_A_FRAME = 1024

/**
 * The frames of a disk with what lets the server see whether its change record tells the truth: what the record names
 * ahead of them, and the samples among them, which are read beside the disk and sent when they are there.
 */
export async function* withAudit(
  options: AuditOptions,
  frames: AsyncIterable<PushFrameOut>,
): AsyncGenerator<PushFrameOut> {
  if (options.audited) yield* changedFrames(options)
  yield* options.sampled.length === 0 ? frames : withSamples(samplesFrame(options), frames)
}

/** The last frame says that the disk is whole: the samples go before it. */
async function* withSamples(
  samples: Promise<PushFrameOut>,
  frames: AsyncIterable<PushFrameOut>,
): AsyncGenerator<PushFrameOut> {
  const read: PushFrameOut[] = []
  const reading = samples.then((frame) => void read.push(frame))
  reading.catch(() => {}) // thrown at the disk's end
  try {
    for await (const frame of frames) {
      if ('diskEnd' in frame) await reading
      yield* read.splice(0)
      yield frame
    }
  } finally {
    await reading.catch(() => {}) // the disk is closed behind it
  }
}

interface ChunkRange {
  readonly start: number
  readonly count: number
}

async function* changedChunks({
  disk,
  chunkBytes,
  signal,
}: AuditOptions): AsyncIterable<ChunkRange> {
  let end = 0
  for await (const { offset, length } of disk.changed?.(signal) ?? []) {
    const start = Math.max(end, Math.floor(offset / chunkBytes))
    end = Math.max(end, Math.ceil((offset + length) / chunkBytes))
    if (end > start) yield { start, count: end - start }
  }
}

async function* changedFrames(options: AuditOptions): AsyncGenerator<PushFrameOut> {
  const { ordinal } = options
  let runs: { kind: 'BASE'; start: number; count: number }[] = []
  for await (const range of changedChunks(options)) {
    runs.push({ kind: 'BASE', ...range })
    if (runs.length < RUNS_OF_A_FRAME) continue
    yield { changed: { ordinal, runs } }
    runs = []
  }
  // Also an empty list says that there is a record, and that it names nothing.
  yield { changed: { ordinal, runs } }
}

/** Reads of samples under way: each is a chunk of its own, far from the others. */
const SAMPLES_AHEAD = 8

async function samplesFrame(options: AuditOptions): Promise<PushFrameOut> {
  const chunks: number[] = []
  const digests: Buffer[] = []
  const unnamed = await unnamedOf(options)
  for (let at = 0; at < unnamed.length; at += SAMPLES_AHEAD) {
    const some = unnamed.slice(at, at + SAMPLES_AHEAD)
    // All must have ended, also when one fails: the disk is closed behind it.
    const read = await Promise.allSettled(some.map((chunk) => readSample(options, chunk)))
    for (const [i, outcome] of read.entries()) {
      if (outcome.status === 'rejected') throw outcome.reason
      if (!outcome.value) continue
      chunks.push(some[i] ?? 0)
      digests.push(digestOf(outcome.value))
    }
  }
  return { samples: { ordinal: options.ordinal, chunks, digests: Buffer.concat(digests) } }
}

/** Undefined where it cannot be read: a bad sector proves nothing. */
async function readSample(
  { disk, chunkBytes, signal }: AuditOptions,
  chunk: number,
): Promise<Buffer | undefined> {
  const bytes = Buffer.allocUnsafe(chunkLength(chunk, disk.sizeBytes, chunkBytes))
  try {
    await disk.reader.read(chunkOffset(chunk, chunkBytes), bytes, signal)
    return bytes
  } catch (error) {
    signal.throwIfAborted()
    if (toHoldfastError(error).code === 'source-unreadable') return undefined
    throw error
  }
}

/** Both lists rise: one walk along them. */
async function unnamedOf(options: AuditOptions): Promise<number[]> {
  const { sampled } = options
  const unnamed: number[] = []
  let next = 0
  for await (const { start, count } of changedChunks(options)) {
    for (; (sampled[next] ?? Infinity) < start; next++) unnamed.push(sampled[next] ?? 0)
    while ((sampled[next] ?? Infinity) < start + count) next++
  }
  return [...unnamed, ...sampled.slice(next)]
}
