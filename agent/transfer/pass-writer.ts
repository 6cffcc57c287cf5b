import { PassChecksum, RUN_KINDS, type RunKind } from '../../core/model/pass-checksum.ts'
import { FRAME_PREFIX_BYTES, type PushFrameOut } from '../../core/wire/frame.ts'
import { FRAME_BYTES } from '../../core/wire/options.ts'
import { DATA, type Claim, type IdleRun } from './claims.ts'
import type { ClaimFrame, ReadReply } from './read-task.ts'

/** Runs of one message: far below the limit of a frame. */
const RUNS_OF_A_FRAME = 1024

/** Frames up to this size are copied together: copying costs less than a message does. */
const GATHERED_BYTES = 256 * 1024

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
  #gathered: Buffer | undefined
  #gatheredBytes = FRAME_PREFIX_BYTES

  constructor(ordinal: number) {
    this.#ordinal = ordinal
  }

  *idle({ kind, start, count }: IdleRun): Generator<PushFrameOut> {
    this.#checksum.run(kind, count)
    this.#addRun(kind, start, count)
    if (this.#runs.length >= RUNS_OF_A_FRAME) yield* this.#flush()
  }

  /** The frames lie in the reply's buffers: those are free again once this is through. */
  *claim({ start }: Claim, reply: ReadReply): Generator<PushFrameOut> {
    this.counts.readBytes += reply.readBytes
    this.counts.comparedBytes += reply.comparedBytes
    let i = 0
    for (const frame of reply.frames) {
      for (; start + i <= frame.last; i++) this.#pass(start, i, reply)
      yield* this.#take(frame.count, recordsOf(frame, reply))
    }
    for (; i < reply.states.length; i++) this.#pass(start, i, reply)
    if (this.#runs.length >= RUNS_OF_A_FRAME) yield* this.#flush()
  }

  *end(): Generator<PushFrameOut> {
    yield* this.#flush()
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

  /** A large frame goes as it is; small ones are gathered, so that scattered changes cost few messages. */
  *#take(count: number, frame: Buffer): Generator<PushFrameOut> {
    this.counts.chunks += count
    this.counts.records += count
    this.counts.sentBytes += frame.length
    const records = frame.subarray(FRAME_PREFIX_BYTES)
    if (this.#gatheredBytes + records.length > FRAME_BYTES) yield* this.#flush()
    if (records.length > GATHERED_BYTES) {
      yield* this.#flush()
      yield { records: frame }
      return
    }
    this.#gathered ??= Buffer.allocUnsafeSlow(FRAME_BYTES)
    this.#gathered.set(records, this.#gatheredBytes)
    this.#gatheredBytes += records.length
  }

  /** Runs ahead of the records between them. */
  *#flush(): Generator<PushFrameOut> {
    if (this.#runs.length > 0) yield { runs: { ordinal: this.#ordinal, runs: this.#runs } }
    this.#runs = []
    if (this.#gatheredBytes === FRAME_PREFIX_BYTES || !this.#gathered) return
    yield { records: this.#gathered.subarray(0, this.#gatheredBytes) }
    this.#gatheredBytes = FRAME_PREFIX_BYTES
  }
}

function recordsOf(frame: ClaimFrame, reply: ReadReply): Buffer {
  const memory = reply.buffers[frame.buffer] ?? new ArrayBuffer(0)
  return Buffer.from(memory, frame.begin, frame.end - frame.begin)
}
