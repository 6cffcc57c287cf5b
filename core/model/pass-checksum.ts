import { createHash, type Hash } from 'node:crypto'

/** Kinds of runs, numbered as Run.Kind on the wire. */
export const RUN_KINDS = { ZERO: 0, BASE: 1, STAGED: 2, UNREADABLE: 3 } as const
export type RunKind = (typeof RUN_KINDS)[keyof typeof RUN_KINDS]

const BATCH_BYTES = 8 * 1024
const CHUNK_ITEM_BYTES = 4
const RUN_ITEM_BYTES = 16

/**
 * What one pass over a disk read, as 32 bytes: SHA-256 over one item for each chunk or run of
 * chunks, in disk order. All integers are little-endian.
 *
 *   chunk with data, read   u32 CRC-32 of its plain bytes, or the first four bytes of its SHA-256
 *                           where that is the base's; 1 where it is 0
 *   run of other chunks     u32 0, u32 kind (Run.Kind), u64 count; neighbours of one kind are one run
 *
 * A chunk that was read and found equal to the base or to a staged one counts as a chunk with data.
 * Kind BASE stands only for chunks that were not read because the change record leaves them out.
 * Two passes over the same base that read the same bytes agree, whatever was sent of them. The server
 * computes it too, for passes in which every chunk with data was sent.
 */
export class PassChecksum {
  readonly #hash: Hash = createHash('sha256')
  readonly #batch = Buffer.allocUnsafe(BATCH_BYTES)
  #length = 0
  #runKind: RunKind = RUN_KINDS.ZERO
  #runCount = 0

  /** The next chunk holds data. */
  chunk(crc32: number): void {
    this.#endRun()
    this.#reserve(CHUNK_ITEM_BYTES)
    this.#length = this.#batch.writeUInt32LE(crc32 === 0 ? 1 : crc32, this.#length)
  }

  /** The next `count` chunks are a run of `kind`. */
  run(kind: RunKind, count: number): void {
    if (kind !== this.#runKind) this.#endRun()
    this.#runKind = kind
    this.#runCount += count
  }

  /** The result; nothing may be added afterwards. */
  digest(): Buffer {
    this.#endRun()
    this.#flush()
    return this.#hash.digest()
  }

  #endRun(): void {
    if (this.#runCount === 0) return
    this.#reserve(RUN_ITEM_BYTES)
    this.#batch.writeUInt32LE(0, this.#length)
    this.#batch.writeUInt32LE(this.#runKind, this.#length + 4)
    this.#batch.writeBigUInt64LE(BigInt(this.#runCount), this.#length + 8)
    this.#length += RUN_ITEM_BYTES
    this.#runCount = 0
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes > BATCH_BYTES) this.#flush()
  }

  #flush(): void {
    this.#hash.update(this.#batch.subarray(0, this.#length))
    this.#length = 0
  }
}
