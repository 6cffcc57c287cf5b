import { PassChecksum, RUN_KINDS, type RunKind } from '../../core/model/pass-checksum.ts'
import type { PushFrameOut } from '../../core/wire/frame.ts'
import { DATA, type Claim, type IdleRun } from './claims.ts'
import type { ClaimFrame, ReadReply } from './read-task.ts'

/** Runs of one message: far below the limit of a frame. */
const RUNS_OF_A_FRAME = 1024

interface PendingRun {
  readonly kind: RunKind
  readonly start: number
  count: number
}

/** What a pass did so far; the numbers of its DiskEnd. */
export interface PassCounts {
  /** Chunks that are settled, in disk order. */
  chunks: number
  records: number
  readBytes: number
  comparedBytes: number
  unreadableChunks: number
  /** Bytes of the records' frames. */
  sentBytes: number
}

/**
 * Turns what the claims gave, in disk order, into the frames of a pass. The runs between the records
 * of a frame go ahead of it: scattered changes make few frames. Keeps its counts and its checksum.
 */
export class PassWriter {
  readonly counts: PassCounts = {
    chunks: 0,
    records: 0,
    readBytes: 0,
    comparedBytes: 0,
    unreadableChunks: 0,
    sentBytes: 0,
  }
  readonly #ordinal: number
  readonly #checksum = new PassChecksum()
  #runs: PendingRun[] = []

  constructor(ordinal: number) {
    this.#ordinal = ordinal
  }

  *idle({ kind, start, count }: IdleRun): Generator<PushFrameOut> {
    this.#checksum.run(kind, count)
    this.#addRun(kind, start, count)
    if (this.#runs.length >= RUNS_OF_A_FRAME) yield* this.#flushRuns()
  }

  /** The frames lie in the reply's buffers: those are free again once this is through. */
  *claim({ start }: Claim, reply: ReadReply): Generator<PushFrameOut> {
    this.counts.readBytes += reply.readBytes
    this.counts.comparedBytes += reply.comparedBytes
    let i = 0
    for (const frame of reply.frames) {
      for (; start + i <= frame.last; i++) this.#pass(start, i, reply)
      yield* this.#flushRuns()
      yield this.#recordsFrame(frame, reply)
    }
    for (; i < reply.states.length; i++) this.#pass(start, i, reply)
    if (this.#runs.length >= RUNS_OF_A_FRAME) yield* this.#flushRuns()
  }

  *end(): Generator<PushFrameOut> {
    yield* this.#flushRuns()
    const { chunks, records, readBytes, comparedBytes, unreadableChunks } = this.counts
    const checksum = this.#checksum.digest()
    const numbers = { chunks, records, readBytes, comparedBytes, unreadableChunks }
    yield { diskEnd: { ordinal: this.#ordinal, checksum, ...numbers } }
  }

  /** One that is sent is in the frame; of any other a run tells: equal, zero, or unreadable. */
  #pass(start: number, i: number, { states, crcs }: ReadReply): void {
    const kind = states[i] as RunKind | typeof DATA
    const crc = crcs[i] ?? 0
    if (kind === DATA || crc !== 0) this.#checksum.chunk(crc)
    else this.#checksum.run(kind, 1)
    if (kind !== DATA) this.#addRun(kind, start + i, 1)
  }

  #addRun(kind: RunKind, start: number, count: number): void {
    this.counts.chunks += count
    if (kind === RUN_KINDS.UNREADABLE) this.counts.unreadableChunks += count
    const last = this.#runs.at(-1)
    if (last?.kind === kind && last.start + last.count === start) last.count += count
    else this.#runs.push({ kind, start, count })
  }

  *#flushRuns(): Generator<PushFrameOut> {
    if (this.#runs.length === 0) return
    yield { runs: { ordinal: this.#ordinal, runs: this.#runs } }
    this.#runs = []
  }

  #recordsFrame(frame: ClaimFrame, reply: ReadReply): PushFrameOut {
    const records = Buffer.from(
      reply.buffers[frame.buffer] ?? new ArrayBuffer(0),
      frame.begin,
      frame.end - frame.begin,
    )
    this.counts.chunks += frame.count
    this.counts.records += frame.count
    this.counts.sentBytes += records.length
    return { records }
  }
}
