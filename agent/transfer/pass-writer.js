import { PassChecksum, RUN_KINDS } from '../../core/model/pass-checksum.js'
import { DATA } from './claims.js'
/** Runs of one message: far below the limit of a frame. */
const RUNS_OF_A_FRAME = 1024
/**
 * Turns what the claims gave, in disk order, into the frames of a pass: records and runs rise
 * together without gap or overlap. Keeps its counts and its checksum.
 */
export class PassWriter {
  counts = {
    chunks: 0,
    records: 0,
    readBytes: 0,
    comparedBytes: 0,
    unreadableChunks: 0,
    sentBytes: 0,
  }
  #ordinal
  #checksum = new PassChecksum()
  #runs = []
  constructor(ordinal) {
    this.#ordinal = ordinal
  }
  *idle({ kind, start, count }) {
    this.#checksum.run(kind, count)
    this.#addRun(kind, start, count)
    if (this.#runs.length >= RUNS_OF_A_FRAME) yield* this.#flushRuns()
  }
  /** The frames lie in the reply's buffers: those are free again once this is through. */
  *claim({ start }, reply) {
    this.counts.readBytes += reply.readBytes
    this.counts.comparedBytes += reply.comparedBytes
    let i = 0
    for (const frame of reply.frames) {
      for (; start + i < frame.first; i++) this.#settle(start, i, reply)
      yield* this.#flushRuns()
      for (; start + i < frame.first + frame.count; i++) this.#checksum.chunk(reply.crcs[i] ?? 0)
      yield this.#recordsFrame(frame, reply)
    }
    for (; i < reply.states.length; i++) this.#settle(start, i, reply)
    if (this.#runs.length >= RUNS_OF_A_FRAME) yield* this.#flushRuns()
  }
  *end() {
    yield* this.#flushRuns()
    const { chunks, records, readBytes, comparedBytes, unreadableChunks } = this.counts
    const checksum = this.#checksum.digest()
    const numbers = { chunks, records, readBytes, comparedBytes, unreadableChunks }
    yield { diskEnd: { ordinal: this.#ordinal, checksum, ...numbers } }
  }
  /** A chunk that is not sent: equal to one that the server has, zero, or unreadable. */
  #settle(start, i, { states, crcs }) {
    const kind = states[i]
    if (kind === DATA) throw new RangeError(`chunk ${start + i} is in no frame`)
    const crc = crcs[i] ?? 0
    if (crc !== 0) this.#checksum.chunk(crc)
    else this.#checksum.run(kind, 1)
    this.#addRun(kind, start + i, 1)
  }
  #addRun(kind, start, count) {
    this.counts.chunks += count
    if (kind === RUN_KINDS.UNREADABLE) this.counts.unreadableChunks += count
    const last = this.#runs.at(-1)
    if (last?.kind === kind && last.start + last.count === start) last.count += count
    else this.#runs.push({ kind, start, count })
  }
  *#flushRuns() {
    if (this.#runs.length === 0) return
    yield { runs: { ordinal: this.#ordinal, runs: this.#runs } }
    this.#runs = []
  }
  #recordsFrame(frame, reply) {
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
//# sourceMappingURL=pass-writer.js.map
