import { HoldfastError } from '../../core/model/error.ts'
import { segmentOf, type ChunkId } from '../../core/model/chunk-id.ts'
import { chunkCount, PAGE_CHUNKS } from '../../core/model/geometry.ts'
import { decodeRun, expandPage } from '../../core/model/map-page.ts'
import type { Queryable } from '../catalog/database.ts'
import { readPages } from '../catalog/pages.ts'
import type { VersionDiskRow } from '../catalog/versions.ts'
import { unreadableChunks } from '../flows/pull.ts'
import { SegmentCache, type ChunkPlace } from '../flows/segment-cache.ts'

/** One chunk of a disk and where it lies; without place it is a zero chunk, or was unreadable. */
export interface PlacedChunk {
  readonly index: number
  readonly id: ChunkId
  readonly place: ChunkPlace | undefined
  readonly isUnreadable: boolean
}

/** Neighbouring chunks that are all zero, all unreadable or all data. */
export interface ChunkRun {
  readonly kind: 'zero' | 'unreadable' | 'data'
  readonly start: number
  count: number
}

const KEPT_PAGES = 256 // 8 KiB each; 32 GiB of disk at 128 KiB chunks
const PAGES_AT_ONCE = 32

/** The map of one disk of a version, asked at any place by several at once. */
export class DiskMap {
  readonly #q: Queryable
  readonly #version: number
  readonly #disk: VersionDiskRow
  readonly #segments: SegmentCache
  readonly #isUnreadable: (index: number) => boolean
  /** Chunk ids by page, least recently used first. */
  readonly #pages = new Map<number, Promise<Float64Array>>()

  constructor(q: Queryable, version: number, disk: VersionDiskRow) {
    this.#q = q
    this.#version = version
    this.#disk = disk
    this.#segments = new SegmentCache(q)
    this.#isUnreadable = unreadableChunks(disk)
  }

  get chunks(): number {
    return chunkCount(this.#disk.sizeBytes, this.#disk.chunkBytes)
  }

  /** Chunks `first`..`first + count - 1` with their places as they are now. */
  async place(first: number, count: number): Promise<PlacedChunk[]> {
    const ids = await this.#ids(first, count)
    const stored = ids.filter((id) => id !== 0)
    // Somebody else's load may push out what ours has just found: then it is asked for again.
    for (let tries = 0; tries < 3; tries++) {
      await this.#segments.load(stored.map(segmentOf))
      const placed = ids.map((id, at) => this.#placed(first + at, id))
      if (tries === 2 || placed.every(isPlaced)) return placed
    }
    return []
  }

  /** What is zero and what is data, without looking at any stored byte. */
  async runs(first: number, count: number): Promise<ChunkRun[]> {
    const runs: ChunkRun[] = []
    const step = PAGES_AT_ONCE * PAGE_CHUNKS
    for (let at = first; at < first + count; at += step) {
      const ids = await this.#ids(at, Math.min(step, first + count - at))
      ids.forEach((id, i) => append(runs, at + i, this.#kind(at + i, id)))
    }
    return runs
  }

  /** What is known of where this chunk lies is old: compaction moves chunks. */
  forget(id: ChunkId): void {
    this.#segments.forget(segmentOf(id))
  }

  #placed(index: number, id: ChunkId): PlacedChunk {
    const place = id === 0 ? undefined : this.#segments.placeOf(id)
    return { index, id, place, isUnreadable: this.#isUnreadable(index) }
  }

  #kind(index: number, id: ChunkId): ChunkRun['kind'] {
    if (this.#isUnreadable(index)) return 'unreadable'
    return id === 0 ? 'zero' : 'data'
  }

  async #ids(first: number, count: number): Promise<number[]> {
    const [from, to] = [pageOf(first), pageOf(first + count - 1)]
    const pages = this.#load(from, to)
    const found: number[] = []
    for (const [at, loaded] of pages.entries()) {
      const ids = await loaded
      const start = (from + at) * PAGE_CHUNKS
      found.push(...ids.subarray(Math.max(0, first - start), first + count - start))
    }
    return found
  }

  #load(from: number, to: number): Promise<Float64Array>[] {
    const numbers = Array.from({ length: to - from + 1 }, (_, at) => from + at)
    const missing = numbers.filter((page) => !this.#pages.has(page))
    const [low, high] = [missing[0], missing.at(-1)]
    if (low !== undefined && high !== undefined) this.#read(low, high)
    const pages = numbers.map((page) => this.#touch(page))
    for (const page of this.#pages.keys()) {
      if (this.#pages.size <= KEPT_PAGES) break
      this.#pages.delete(page)
    }
    return pages
  }

  #touch(page: number): Promise<Float64Array> {
    const ids = this.#pages.get(page)
    if (!ids) throw new Error(`page ${page} was not loaded`)
    this.#pages.delete(page)
    this.#pages.set(page, ids)
    return ids
  }

  #read(low: number, high: number): void {
    const rows = readPages(this.#q, this.#disk.disk, this.#version, low, high)
    for (let page = low; page <= high; page++) {
      if (this.#pages.has(page)) continue
      const ids = rows.then((read) => {
        const row = read.find((one) => one.page === page)
        if (!row) throw this.#lacks(page)
        return Float64Array.from(expandPage(row.runs.map(decodeRun)))
      })
      ids.catch(() => this.#pages.delete(page)) // whoever waits for it hears of it
      this.#pages.set(page, ids)
    }
  }

  #lacks(page: number): HoldfastError {
    const what = `disk ${this.#disk.name} of version ${this.#version} lacks page ${page} of its map`
    return new HoldfastError('catalog-inconsistent', what)
  }
}

function pageOf(chunk: number): number {
  return Math.floor(chunk / PAGE_CHUNKS)
}

function isPlaced({ id, place }: PlacedChunk): boolean {
  return id === 0 || place !== undefined
}

function append(runs: ChunkRun[], start: number, kind: ChunkRun['kind']): void {
  const last = runs.at(-1)
  if (last?.kind === kind) last.count++
  else runs.push({ kind, start, count: 1 })
}
