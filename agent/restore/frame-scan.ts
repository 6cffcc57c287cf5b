import { decodePlace } from '../../core/chunk/record.ts'
import { recordDigest } from '../../core/chunk/record-header.ts'
import { recordsOf, type FoundRecord } from '../../core/chunk/record-list.ts'
import { DIGEST_BYTES, ZERO_DIGEST } from '../../core/model/digest.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { normalize, type Extent } from '../../core/model/extent.ts'
import { chunkCount, chunkLength, type ChunkIndex } from '../../core/model/geometry.ts'
import { PageRoot } from '../../core/model/page-root.ts'
import type { RestoredDisk } from '../../core/chunk/restore.ts'

/** Chunks of a disk that are wanted alone. */
export interface ChunkRange {
  readonly first: ChunkIndex
  readonly end: ChunkIndex
  /** Digests of what the target has there, one a chunk; zeros for a zero chunk. */
  readonly have?: Buffer | undefined
}

/**
 * Follows a disk's frames from chunk 0 to the end, over reconnections: every chunk exactly once,
 * in order. Keeps the digest root of what the records say they are; the sink proves each.
 */
export class FrameScan {
  readonly #disk: RestoredDisk
  readonly #range: ChunkRange | undefined
  readonly #end: number
  readonly #root = new PageRoot()
  #next: ChunkIndex
  #records = 0
  readonly #unreadable: Extent[] = []

  constructor(disk: RestoredDisk, range?: ChunkRange) {
    this.#disk = disk
    this.#range = range
    this.#next = range?.first ?? 0
    this.#end = range?.end ?? chunkCount(disk.sizeBytes, disk.chunkBytes)
  }

  /** The first chunk that has not arrived: where a cut transfer goes on. */
  get next(): ChunkIndex {
    return this.#next
  }

  get recordCount(): number {
    return this.#records
  }

  /** What the source could not read when the point was made, as ranges of the disk. */
  get unreadable(): Extent[] {
    return normalize(this.#unreadable)
  }

  get isComplete(): boolean {
    return this.#next === this.#end
  }

  digestRoot(): Buffer {
    return this.#root.end()
  }

  /** Takes note of whole records. */
  records(buffer: Buffer): void {
    for (const record of recordsOf(buffer)) {
      this.#checkPlace(record)
      const digest = recordDigest(buffer, record.offset)
      if (digest.equals(ZERO_DIGEST)) throw this.#violation('a record has no digest')
      this.#root.add(digest)
      this.#next++
      this.#records++
    }
  }

  zeros(start: ChunkIndex, count: number): void {
    this.#expect(start, count)
    this.#root.addZeros(count)
    this.#next += count
  }

  /** Chunks that the target has already, by the digests that it has been read with. */
  same(start: ChunkIndex, count: number): void {
    const { have, first = 0 } = this.#range ?? {}
    if (!have) throw this.#violation('chunks came as known that nobody told of')
    this.#expect(start, count)
    for (let index = start; index < start + count; index++) {
      const at = (index - first) * DIGEST_BYTES
      const digest = have.subarray(at, at + DIGEST_BYTES)
      if (digest.equals(ZERO_DIGEST)) this.#root.addZeros(1)
      else this.#root.add(digest)
    }
    this.#next += count
  }

  /** Chunks that the point lacks: in its digests they stand as zeros. */
  lost(start: ChunkIndex, count: number): void {
    this.zeros(start, count)
    const { sizeBytes, chunkBytes } = this.#disk
    const offset = start * chunkBytes
    this.#unreadable.push({ offset, length: Math.min(count * chunkBytes, sizeBytes - offset) })
  }

  #checkPlace(record: FoundRecord): void {
    const { ordinal, sizeBytes, chunkBytes } = this.#disk
    const place = decodePlace(record.place)
    if (place.ordinal !== ordinal) throw this.#violation(`disk ${place.ordinal} came`)
    this.#expect(place.index, 1)
    if (record.plainLength !== chunkLength(place.index, sizeBytes, chunkBytes))
      throw this.#violation(`chunk ${place.index} has ${record.plainLength} bytes`)
  }

  #expect(start: ChunkIndex, count: number): void {
    if (start !== this.#next || count < 1 || start + count > this.#end)
      throw this.#violation(`chunks ${start}+${count} came where ${this.#next} was due`)
  }

  #violation(what: string): HoldfastError {
    return new HoldfastError('protocol-violation', `disk ${this.#disk.name}: ${what}`)
  }
}
