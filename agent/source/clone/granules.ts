import type { ByteCount } from '../../../core/model/geometry.ts'
import type { Extent } from '../../../core/model/extent.ts'

/** As the bitmaps of QEMU: one bit for each 64 KiB, 4 MiB of memory for a disk of 2 TiB. */
const GRANULE_BYTES = 65_536

/** Which parts of a disk may have changed. */
export class Granules {
  readonly #sizeBytes: ByteCount
  readonly #bits: Uint8Array

  constructor(sizeBytes: ByteCount) {
    this.#sizeBytes = sizeBytes
    this.#bits = new Uint8Array(Math.ceil(sizeBytes / GRANULE_BYTES / 8))
  }

  mark({ offset, length }: Extent): void {
    const end = Math.ceil((offset + length) / GRANULE_BYTES)
    for (let at = Math.floor(offset / GRANULE_BYTES); at < end; at++)
      this.#bits[at >> 3] = (this.#bits[at >> 3] ?? 0) | (1 << (at & 7))
  }

  /** Marked ranges, rising, touching ones joined. */
  *ranges(): Generator<Extent> {
    const count = Math.ceil(this.#sizeBytes / GRANULE_BYTES)
    for (let at = 0; at < count; at++) {
      if (!this.#has(at)) continue
      const start = at
      while (at < count && this.#has(at)) at++
      const offset = start * GRANULE_BYTES
      yield { offset, length: Math.min(at * GRANULE_BYTES, this.#sizeBytes) - offset }
    }
  }

  #has(at: number): boolean {
    return ((this.#bits[at >> 3] ?? 0) & (1 << (at & 7))) !== 0
  }
}
