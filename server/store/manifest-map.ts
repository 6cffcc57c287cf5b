import type { ChunkId } from '../../core/model/chunk-id.ts'
import { PAGE_CHUNKS } from '../../core/model/geometry.ts'
import { ZERO_CHUNK } from '../../core/model/chunk-id.ts'
import type { MapRun } from '../../core/model/map-page.ts'

/**
 * Whole maps as runs of any length: varint of (length × 2 + 1 when zeros), then, unless zeros, a
 * zigzag varint of the distance between the run's first chunk id and the end of the last run that
 * was not zeros. A disk's runs end with a varint 0.
 */
const SEVEN_BITS = 128

export class MapEncoder {
  #out = Buffer.allocUnsafe(2 * 1024) // few disks have many runs
  #length = 0
  #next: ChunkId = 0
  #run: { chunk: ChunkId; length: number } | undefined

  /** Runs in disk order; neighbours that continue each other become one. */
  addRuns(runs: Iterable<MapRun>): void {
    for (const { chunk, length } of runs) {
      const last = this.#run
      const continued = chunk === ZERO_CHUNK ? ZERO_CHUNK : chunk - (last?.length ?? 0)
      if (
        last &&
        last.chunk === continued &&
        (chunk === ZERO_CHUNK) === (last.chunk === ZERO_CHUNK)
      )
        last.length += length
      else {
        this.#writeRun()
        this.#run = { chunk, length }
      }
    }
  }

  endDisk(): void {
    this.#writeRun()
    this.#run = undefined
    this.#varint(0)
    this.#next = 0
  }

  bytes(): Buffer {
    return this.#out.subarray(0, this.#length)
  }

  #writeRun(): void {
    if (!this.#run) return
    const { chunk, length } = this.#run
    if (chunk === ZERO_CHUNK) return this.#varint(length * 2 + 1)
    this.#varint(length * 2)
    const distance = chunk - this.#next
    this.#varint(distance < 0 ? -distance * 2 - 1 : distance * 2)
    this.#next = chunk + length
  }

  /** By division: chunk ids are exact up to 2^53, shifts only up to 2^31. */
  #varint(value: number): void {
    if (this.#length + 8 > this.#out.length) {
      const larger = Buffer.allocUnsafe(this.#out.length * 2)
      this.#out.copy(larger)
      this.#out = larger
    }
    let rest = value
    for (; rest >= SEVEN_BITS; rest = Math.floor(rest / SEVEN_BITS))
      this.#out[this.#length++] = (rest % SEVEN_BITS) + SEVEN_BITS
    this.#out[this.#length++] = rest
  }
}

/** Reads what `MapEncoder` wrote; throws a RangeError on anything else. */
export class MapDecoder {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** The next disk's runs, to be read to their end before the next disk's. */
  *disk(): Generator<MapRun> {
    let next = 0
    for (let head = this.#varint(); head !== 0; head = this.#varint()) {
      const length = Math.floor(head / 2)
      if (length === 0) throw new RangeError('an empty run')
      if (head % 2 === 1) {
        yield { chunk: ZERO_CHUNK, length }
        continue
      }
      const zigzag = this.#varint()
      const chunk = next + (zigzag % 2 === 1 ? -(zigzag + 1) / 2 : zigzag / 2)
      if (!Number.isSafeInteger(chunk + length) || chunk <= 0) throw new RangeError('no chunk id')
      yield { chunk, length }
      next = chunk + length
    }
  }

  atEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  #varint(): number {
    let value = 0
    for (let factor = 1; ; factor *= SEVEN_BITS) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) throw new RangeError('cut short')
      value += (byte % SEVEN_BITS) * factor
      if (!Number.isSafeInteger(value)) throw new RangeError('beyond an exact number')
      if (byte < SEVEN_BITS) return value
    }
  }
}

/** Runs cut at pages of the disk and at segments of the store, page by page, as the catalog has them. */
export function* pagesOf(runs: Iterable<MapRun>): Generator<MapRun[]> {
  let page: MapRun[] = []
  let filled = 0
  for (const run of runs)
    for (let done = 0; done < run.length;) {
      const chunk = run.chunk === ZERO_CHUNK ? ZERO_CHUNK : run.chunk + done
      const inSegment = chunk === ZERO_CHUNK ? PAGE_CHUNKS : PAGE_CHUNKS - (chunk % PAGE_CHUNKS)
      const length = Math.min(run.length - done, PAGE_CHUNKS - filled, inSegment)
      page.push({ chunk, length })
      done += length
      filled += length
      if (filled < PAGE_CHUNKS) continue
      yield page
      page = []
      filled = 0
    }
  if (filled > 0) yield page
}
