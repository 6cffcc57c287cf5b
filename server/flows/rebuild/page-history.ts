import { hash } from 'node:crypto'
import { positionOf, segmentOf, type ChunkId } from '../../../core/model/chunk-id.ts'
import { DIGEST_BYTES } from '../../../core/model/digest.ts'
import { encodeRun, pageSegments, type MapRun } from '../../../core/model/map-page.ts'
import { pageDigest } from '../../../core/model/page-digest.ts'
import type { NewPage } from '../../catalog/pages.ts'
import { pagesOf } from '../../store/manifest-map.ts'
import type { SegmentCache } from '../segment-cache.ts'

interface LastPage {
  /** Of its runs: equal keys are equal pages. */
  readonly key: string
  readonly digest: Buffer
  readonly whole: boolean
}

export interface DiskPages {
  /** Those that differ from the disk's last. */
  readonly fresh: readonly NewPage[]
  /** All, in order. */
  readonly digests: readonly Buffer[]
  /** False: some chunk that it names is not in the store, or is damaged. */
  readonly whole: boolean
}

/** The newest pages of one disk while its versions are read in the order of the history. */
export class PageHistory {
  readonly #segments: SegmentCache
  #last: LastPage[] = []

  constructor(segments: SegmentCache) {
    this.#segments = segments
  }

  /** What came before is not known any more: every page of the next version is a new one. */
  forget(): void {
    this.#last = []
  }

  async next(disk: number, runs: readonly MapRun[]): Promise<DiskPages> {
    const fresh: NewPage[] = []
    const last: LastPage[] = []
    for (const page of pagesOf(runs)) {
      const codes = page.map(encodeRun)
      const key = hash('sha1', codes.join(), 'base64')
      const before = this.#last[last.length]
      if (before?.key === key) {
        last.push(before)
        continue
      }
      const { digest, whole } = await this.#digestOf(page)
      const entries = page.reduce((sum, run) => sum + run.length, 0)
      const segments = pageSegments(page)
      fresh.push({ disk, page: last.length, entries, runs: codes, segments, digest })
      last.push({ key, digest, whole })
    }
    // Pages beyond a shrunken end are still the newest there, should it grow again.
    this.#last = [...last, ...this.#last.slice(last.length)]
    const digests = last.map((page) => page.digest)
    return { fresh, digests, whole: last.every((page) => page.whole) }
  }

  /** From the segments that the packs gave: this is what proves which bytes the ids mean. */
  async #digestOf(page: readonly MapRun[]): Promise<{ digest: Buffer; whole: boolean }> {
    await this.#segments.load(pageSegments(page))
    const digests = Buffer.alloc(page.reduce((sum, run) => sum + run.length, 0) * DIGEST_BYTES)
    let at = 0
    let whole = true
    for (const { chunk, length } of page) {
      if (chunk === 0) {
        at += length * DIGEST_BYTES
        continue
      }
      this.#digestsOf(chunk, length)?.copy(digests, at)
      for (let i = 0; i < length; i++) whole &&= this.#segments.digestOf(chunk + i) !== undefined // gone, or known as damaged
      at += length * DIGEST_BYTES
    }
    return { digest: pageDigest(digests), whole }
  }

  /** Of neighbours inside one segment, as runs of a page are. */
  #digestsOf(chunk: ChunkId, length: number): Buffer | undefined {
    const segment = this.#segments.get(segmentOf(chunk))
    const from = positionOf(chunk) * DIGEST_BYTES
    return segment?.digests.subarray(from, from + length * DIGEST_BYTES)
  }
}
