import { DIGEST_BYTES } from './digest.ts'
import { PAGE_CHUNKS } from './geometry.ts'
import { digestRoot, pageDigest, zeroPageDigest } from './page-digest.ts'

/** A disk's digest root, kept while its chunks go by in order. */
export class PageRoot {
  readonly #pageDigests: Buffer[] = []
  readonly #page = Buffer.alloc(PAGE_CHUNKS * DIGEST_BYTES)
  #filled = 0

  add(digest: Uint8Array): void {
    this.#page.set(digest, this.#filled * DIGEST_BYTES)
    if (++this.#filled === PAGE_CHUNKS) this.#closePage()
  }

  addZeros(count: number): void {
    for (let left = count; left > 0;) {
      const fitting = Math.min(left, PAGE_CHUNKS - this.#filled)
      this.#addZerosToPage(fitting)
      left -= fitting
    }
  }

  /** Call at the disk's end; nothing can be added afterwards. */
  end(): Buffer {
    if (this.#filled > 0) this.#closePage()
    return digestRoot(this.#pageDigests)
  }

  #addZerosToPage(count: number): void {
    // Whole pages of zeros are what large sparse disks are made of: hashed once for all of them.
    if (count === PAGE_CHUNKS) return void this.#pageDigests.push(zeroPageDigest(PAGE_CHUNKS))
    const start = this.#filled * DIGEST_BYTES
    this.#page.fill(0, start, start + count * DIGEST_BYTES)
    this.#filled += count
    if (this.#filled === PAGE_CHUNKS) this.#closePage()
  }

  #closePage(): void {
    this.#pageDigests.push(pageDigest(this.#page.subarray(0, this.#filled * DIGEST_BYTES)))
    this.#filled = 0
  }
}
