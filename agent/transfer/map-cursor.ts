import { DIGEST_BYTES } from '../../core/model/digest.ts'
import { PAGE_CHUNKS } from '../../core/model/geometry.ts'
import type { MapPage__Output } from '../../core/wire/generated/holdfast/v1/MapPage.ts'

/** Digests to compare a claim's chunks with, 32 bytes each; 32 zero bytes match nothing. */
export interface KnownDigests {
  readonly base: Uint8Array
  readonly staged: Uint8Array
}

/**
 * Walks the map beside the scan, holding one page at a time: a map takes 32 bytes a chunk, 256 MiB
 * for each TiB. Pages come in rising order; one that does not come has nothing to compare with: its chunks
 * are compared with nothing all the same, so that they count as compared.
 */
export class MapCursor {
  readonly #pages: AsyncIterator<MapPage__Output>
  #current: MapPage__Output | undefined
  #ended = false

  constructor(pages: AsyncIterable<MapPage__Output>) {
    this.#pages = pages[Symbol.asyncIterator]()
  }

  /** For `count` chunks from `start` on, all in one page. Calls must rise. */
  async digests(start: number, count: number): Promise<KnownDigests> {
    const page = await this.#page(Math.floor(start / PAGE_CHUNKS))
    if (!page) return { base: matchesNothing(count), staged: matchesNothing(count) }
    const from = start % PAGE_CHUNKS
    return { base: baseOf(page, from, count), staged: stagedOf(page, from, count) }
  }

  /** Ends the stream, whether or not all was needed. */
  async close(): Promise<void> {
    this.#ended = true
    await this.#pages.return?.()
  }

  async #page(wanted: number): Promise<MapPage__Output | undefined> {
    while (!this.#ended && (!this.#current || this.#current.page < wanted)) {
      const next = await this.#pages.next()
      if (next.done) this.#ended = true
      this.#current = next.done ? undefined : next.value
    }
    return this.#current?.page === wanted ? this.#current : undefined
  }
}

function matchesNothing(count: number): Uint8Array {
  return new Uint8Array(count * DIGEST_BYTES)
}

function baseOf(page: MapPage__Output, from: number, count: number): Uint8Array {
  const digests = matchesNothing(count)
  digests.set(page.baseDigests.subarray(from * DIGEST_BYTES, (from + count) * DIGEST_BYTES))
  return digests
}

function stagedOf(page: MapPage__Output, from: number, count: number): Uint8Array {
  const digests = matchesNothing(count)
  page.stagedPositions.forEach((position, i) => {
    if (position < from || position >= from + count) return
    const digest = page.stagedDigests.subarray(i * DIGEST_BYTES, (i + 1) * DIGEST_BYTES)
    digests.set(digest, (position - from) * DIGEST_BYTES)
  })
  return digests
}
