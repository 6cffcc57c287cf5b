import { ZERO_CHUNK, type ChunkId } from '../../core/model/chunk-id.ts'
import type { Extent } from '../../core/model/extent.ts'
import { chunkLength, PAGE_CHUNKS, pageCount } from '../../core/model/geometry.ts'
import { decodeRun, expandPage } from '../../core/model/map-page.ts'
import type { Queryable } from '../catalog/database.ts'
import { pagesBornBetween, readChunkDigests, readPagesAt } from '../catalog/page-differences.ts'
import type { StoredPage } from '../catalog/pages.ts'
import type { VersionDisk } from './base-pages.ts'

export interface DiskDifference {
  readonly differingBytes: number
  readonly differingChunks: number
  readonly ranges: readonly Extent[]
  readonly truncated: boolean
}

const PAGES_AT_ONCE = 16 // 16,384 chunk ids of each side in memory
const MOST_RANGES = 20_000 // a reply stays below 1 MiB

/** Chunks of two disks that are unlike. A chunk that only one side has is one. */
export async function compareDisks(
  q: Queryable,
  a: VersionDisk,
  b: VersionDisk,
): Promise<DiskDifference> {
  const difference = new Difference(a, b)
  const pages = await differingPages(q, a, b)
  for (let at = 0; at < pages.length; at += PAGES_AT_ONCE) {
    const batch = pages.slice(at, at + PAGES_AT_ONCE)
    const unlike = await unlikeChunks(q, a, b, batch)
    for (const index of unlike) difference.add(index)
  }
  return difference
}

/** Pages that may differ, rising. */
async function differingPages(q: Queryable, a: VersionDisk, b: VersionDisk): Promise<number[]> {
  const [pagesA, pagesB] = [pagesOf(a), pagesOf(b)]
  const most = Math.max(pagesA, pagesB)
  if (a.disk !== b.disk) return Array.from({ length: most }, (_, page) => page)
  const [before, after] = [Math.min(a.version, b.version), Math.max(a.version, b.version)]
  const born = await pagesBornBetween(q, a.disk, before, after)
  const pages = new Set(born.filter((page) => page < most))
  // A disk that ends elsewhere has other pages at its end, whoever wrote them.
  if (a.sizeBytes !== b.sizeBytes)
    for (let page = Math.max(0, Math.min(pagesA, pagesB) - 1); page < most; page++) pages.add(page)
  return [...pages].sort((x, y) => x - y)
}

function pagesOf({ sizeBytes, chunkBytes }: VersionDisk): number {
  return pageCount(sizeBytes, chunkBytes)
}

interface Candidate {
  readonly index: number
  readonly a: ChunkId
  readonly b: ChunkId
}

async function unlikeChunks(
  q: Queryable,
  a: VersionDisk,
  b: VersionDisk,
  pages: readonly number[],
): Promise<number[]> {
  const [ofA, ofB] = [await readSide(q, a, pages), await readSide(q, b, pages)]
  const unlike: number[] = []
  const candidates: Candidate[] = []
  for (const page of pages) {
    const [x, y] = [ofA.get(page), ofB.get(page)]
    if (x?.digest.equals(y?.digest ?? Buffer.alloc(0)) && x.entries === y?.entries) continue
    const [idsA, idsB] = [idsOf(x), idsOf(y)]
    for (let i = 0; i < Math.max(idsA.length, idsB.length); i++) {
      const [idA, idB] = [idsA[i], idsB[i]]
      if (idA === idB) continue
      const index = page * PAGE_CHUNKS + i
      // One side ends before, or is zeros, which are never stored.
      if (idA === undefined || idB === undefined || idA === ZERO_CHUNK || idB === ZERO_CHUNK)
        unlike.push(index)
      else candidates.push({ index, a: idA, b: idB })
    }
  }
  unlike.push(...(await unlikeByDigest(q, candidates)))
  return unlike.sort((x, y) => x - y)
}

async function readSide(
  q: Queryable,
  side: VersionDisk,
  pages: readonly number[],
): Promise<Map<number, StoredPage>> {
  const end = pagesOf(side)
  const inside = pages.filter((page) => page < end)
  return readPagesAt(q, side.disk, side.version, inside)
}

function idsOf(page: StoredPage | undefined): readonly ChunkId[] {
  return page ? expandPage(page.runs.map(decodeRun)) : []
}

/** Equal bytes may lie in the store twice, under two ids. */
async function unlikeByDigest(q: Queryable, candidates: readonly Candidate[]): Promise<number[]> {
  if (candidates.length === 0) return []
  const chunks = new Set(candidates.flatMap(({ a, b }) => [a, b]))
  const digests = await readChunkDigests(q, [...chunks])
  return candidates
    .filter(({ a, b }) => digests.get(a) === undefined || digests.get(a) !== digests.get(b))
    .map(({ index }) => index)
}

/** Adds up chunks that come in rising order. */
class Difference implements DiskDifference {
  differingBytes = 0
  differingChunks = 0
  truncated = false
  readonly ranges: { offset: number; length: number }[] = []
  readonly #sizeBytes: number
  readonly #chunkBytes: number

  constructor(a: VersionDisk, b: VersionDisk) {
    this.#sizeBytes = Math.max(a.sizeBytes, b.sizeBytes)
    this.#chunkBytes = a.chunkBytes
  }

  add(index: number): void {
    const offset = index * this.#chunkBytes
    const length = chunkLength(index, this.#sizeBytes, this.#chunkBytes)
    this.differingChunks++
    this.differingBytes += length
    const last = this.ranges.at(-1)
    if (last && !this.truncated && last.offset + last.length === offset) last.length += length
    else if (this.ranges.length < MOST_RANGES) this.ranges.push({ offset, length })
    else this.truncated = true
  }
}
