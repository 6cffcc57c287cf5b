import { PAGE_CHUNKS } from './geometry.ts'
import { segmentOf, ZERO_CHUNK, type ChunkId, type SegmentId } from './chunk-id.ts'

/** `length` neighbouring chunks of a disk that are neighbours in the store too; id 0: zero chunks. */
export interface MapRun {
  readonly chunk: ChunkId
  readonly length: number
}

/** What 1,024 chunks of a disk (fewer at its end) are made of, gapless, in order. */
export type MapPage = readonly MapRun[]

const LENGTH_FACTOR = 2048 // a run's length is 1..1024, in the low 11 bits

export function encodeRun(run: MapRun): number {
  return run.chunk * LENGTH_FACTOR + run.length
}

export function decodeRun(code: number): MapRun {
  return { chunk: Math.floor(code / LENGTH_FACTOR), length: code % LENGTH_FACTOR }
}

/** Most pages of a sparse disk: they share one array. */
const ALL_ZERO: readonly ChunkId[] = new Array<ChunkId>(PAGE_CHUNKS).fill(ZERO_CHUNK)

export function isZeroPage(page: MapPage): boolean {
  return page.every(({ chunk }) => chunk === ZERO_CHUNK)
}

/** One chunk id a position, 0 for zero chunks. */
export function expandPage(page: MapPage): readonly ChunkId[] {
  if (page.length === 1 && page[0]?.chunk === ZERO_CHUNK && page[0].length === PAGE_CHUNKS)
    return ALL_ZERO
  const ids = new Array<ChunkId>(page.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const { chunk, length } of page) {
    if (chunk === ZERO_CHUNK) ids.fill(ZERO_CHUNK, at, at + length)
    else for (let i = 0; i < length; i++) ids[at + i] = chunk + i
    at += length
  }
  return ids
}

/** The chunk at a position, out of runs as they are stored; undefined behind the last. */
export function chunkAt(runs: readonly number[], position: number): ChunkId | undefined {
  let from = 0
  for (const code of runs) {
    const { chunk, length } = decodeRun(code)
    if (position < from + length) return chunk === ZERO_CHUNK ? ZERO_CHUNK : chunk + position - from
    from += length
  }
  return undefined
}

/** The shortest runs that say the same as `ids`. */
export function compressPage(ids: readonly ChunkId[]): MapRun[] {
  if (ids.length > PAGE_CHUNKS) throw new RangeError(`a page has at most ${PAGE_CHUNKS} chunks`)
  const runs: { chunk: ChunkId; length: number }[] = []
  for (const id of ids) {
    const last = runs.at(-1)
    if (last && continues(last, id)) last.length++
    else runs.push({ chunk: id, length: 1 })
  }
  return runs
}

function continues(run: MapRun, id: ChunkId): boolean {
  if (run.chunk === ZERO_CHUNK) return id === ZERO_CHUNK
  // A run never crosses a segment, so that SQL can prove it against one row.
  return id === run.chunk + run.length && id % PAGE_CHUNKS !== 0
}

/** Every segment that the page names, once, rising; zero runs name none. */
export function pageSegments(page: MapPage): SegmentId[] {
  const segments = new Set<SegmentId>()
  for (const run of page) {
    if (run.chunk !== ZERO_CHUNK) segments.add(segmentOf(run.chunk))
  }
  return [...segments].sort((a, b) => a - b)
}
