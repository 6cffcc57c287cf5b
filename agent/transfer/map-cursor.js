import { DIGEST_BYTES } from '../../core/model/digest.js'
import { PAGE_CHUNKS } from '../../core/model/geometry.js'
/**
 * Walks the map beside the scan, holding one page at a time: a map takes 32 bytes a chunk, 256 MiB
 * for each TiB. Pages come in rising order; one that does not come has nothing to compare with.
 */
export class MapCursor {
  #pages
  #current
  #ended = false
  constructor(pages) {
    this.#pages = pages[Symbol.asyncIterator]()
  }
  /** For `count` chunks from `start` on, all in one page. Calls must rise. */
  async digests(start, count) {
    const page = await this.#page(Math.floor(start / PAGE_CHUNKS))
    if (!page) return undefined
    const from = start % PAGE_CHUNKS
    return { base: baseOf(page, from, count), staged: stagedOf(page, from, count) }
  }
  /** Ends the stream, whether or not all was needed. */
  async close() {
    this.#ended = true
    await this.#pages.return?.()
  }
  async #page(wanted) {
    while (!this.#ended && (!this.#current || this.#current.page < wanted)) {
      const next = await this.#pages.next()
      if (next.done) this.#ended = true
      this.#current = next.done ? undefined : next.value
    }
    return this.#current?.page === wanted ? this.#current : undefined
  }
}
function baseOf(page, from, count) {
  const digests = new Uint8Array(count * DIGEST_BYTES)
  digests.set(page.baseDigests.subarray(from * DIGEST_BYTES, (from + count) * DIGEST_BYTES))
  return digests
}
function stagedOf(page, from, count) {
  const digests = new Uint8Array(count * DIGEST_BYTES)
  page.stagedPositions.forEach((position, i) => {
    if (position < from || position >= from + count) return
    const digest = page.stagedDigests.subarray(i * DIGEST_BYTES, (i + 1) * DIGEST_BYTES)
    digests.set(digest, (position - from) * DIGEST_BYTES)
  })
  return digests
}
//# sourceMappingURL=map-cursor.js.map
