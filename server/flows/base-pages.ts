import { chunkCount, PAGE_CHUNKS } from '../../core/model/geometry.ts'
import { chunkAt, decodeRun, expandPage, isZeroPage } from '../../core/model/map-page.ts'
import { segmentOf, type ChunkId } from '../../core/model/chunk-id.ts'
import { readPagesAt } from '../catalog/page-differences.ts'
import { readPages, type StoredPage } from '../catalog/pages.ts'
import type { Queryable } from '../catalog/database.ts'
import type { SegmentCache } from './segment-cache.ts'

/** A disk as one committed version has it. */
export interface VersionDisk {
  readonly disk: number
  readonly version: number
  readonly sizeBytes: number
  readonly chunkBytes: number
}

export interface ExpandedPage {
  readonly page: number
  readonly entries: number
  readonly ids: readonly ChunkId[]
  readonly digest: Buffer
  /** No position has a stored chunk. */
  readonly isZero: boolean
}

/** Pages read at once, 2 GiB of disk at 128 KiB chunks, until it is known how much there is in one. */
const FIRST_WINDOW = 16
const LARGEST_WINDOW = 512
/** What a window may hold: sixteen pages at their fullest, or hundreds of a sparse disk. */
const RUNS_OF_A_WINDOW = 16 * PAGE_CHUNKS

/** Reads the pages of one version forward, a window at a time, with their segments in the cache. */
export class BasePages {
  readonly #q: Queryable
  readonly #base: VersionDisk
  readonly #segments: SegmentCache
  readonly #pages: number
  #window = new Map<number, StoredPage>()
  #from = 0
  #to = 0
  #pagesAtOnce = FIRST_WINDOW

  constructor(q: Queryable, base: VersionDisk, segments: SegmentCache) {
    this.#q = q
    this.#base = base
    this.#segments = segments
    this.#pages = Math.ceil(this.chunks / PAGE_CHUNKS)
  }

  get chunks(): number {
    return chunkCount(this.#base.sizeBytes, this.#base.chunkBytes)
  }

  /** Page `page`, its segments loaded; undefined beyond the end of the base. */
  async page(page: number): Promise<ExpandedPage | undefined> {
    if (page >= this.#pages) return undefined
    if (page < this.#from || page >= this.#to) await this.#read(page)
    const stored = this.#window.get(page)
    if (!stored) throw new Error(`version ${this.#base.version} lacks page ${page} of its map`)
    const runs = stored.runs.map(decodeRun)
    await this.#segments.load(runs.filter((r) => r.chunk !== 0).map((r) => segmentOf(r.chunk)))
    // A base that ended inside this page has fewer entries than a page of the grown disk wants.
    const { entries, digest } = stored
    return { page, entries, ids: expandPage(runs), digest, isZero: isZeroPage(runs) }
  }

  /**
   * The stored chunks at these indexes, in their order, with their segments loaded; undefined beyond the end of the
   * base. Wherever they lie they cost three statements, so keep them to some dozens: each may bring a page.
   */
  async chunksAt(indexes: readonly number[]): Promise<(ChunkId | undefined)[]> {
    const { disk, version } = this.#base
    const pages = [...new Set(indexes.map(pageOf))].filter((page) => page < this.#pages)
    const stored = await readPagesAt(this.#q, disk, version, pages)
    if (stored.size < pages.length) throw new Error(`version ${version} lacks pages of its map`)
    const chunks = indexes.map((index) =>
      chunkAt(stored.get(pageOf(index))?.runs ?? [], index % PAGE_CHUNKS),
    )
    await this.#segments.load(chunks.flatMap((chunk) => (chunk ? [segmentOf(chunk)] : [])))
    return chunks
  }

  async #read(page: number): Promise<void> {
    this.#from = page
    this.#to = Math.min(page + this.#pagesAtOnce, this.#pages)
    const { disk, version } = this.#base
    const rows = await readPages(this.#q, disk, version, this.#from, this.#to - 1)
    this.#window = new Map(rows.map((row) => [row.page, row]))
    this.#pagesAtOnce = nextWindow(this.#pagesAtOnce, rows)
  }
}

function pageOf(index: number): number {
  return Math.floor(index / PAGE_CHUNKS)
}

/** Four times as many at most: the pages that follow may be fuller. */
export function nextWindow(pages: number, last: readonly Pick<StoredPage, 'runs'>[]): number {
  const runs = last.reduce((sum, row) => sum + row.runs.length, 0)
  const fits = Math.floor((RUNS_OF_A_WINDOW * last.length) / Math.max(runs, 1))
  return Math.max(Math.min(fits, 4 * pages, LARGEST_WINDOW), FIRST_WINDOW)
}
