import { DIGEST_BYTES, ZERO_DIGEST } from '../../core/model/digest.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { encodePlace, RECORD_HEADER_BYTES } from '../../core/chunk/record.ts'
import type { ExpectedRecords } from '../../core/chunk/expected.ts'
import { chunkCount, chunkLength, PAGE_CHUNKS, pageCount } from '../../core/model/geometry.ts'
import { PageRoot } from '../../core/model/page-root.ts'
import type { ChunkId } from '../../core/model/chunk-id.ts'
import type { Database } from '../catalog/database.ts'
import type { VersionDiskRow } from '../catalog/versions.ts'
import { BasePages, type ExpandedPage } from './base-pages.ts'
import { SegmentCache, type ChunkPlace } from './segment-cache.ts'

/** A disk of a version as it is handed out: forward, without gap. */
export type PullStep =
  | { readonly region: PackRegion }
  | { readonly zeros: Run }
  | { readonly unreadable: Run }
  /** As the target has it. */
  | { readonly same: Run }
  | { readonly page: { readonly page: number; readonly digest: Buffer } }

export interface Run {
  readonly start: number
  readonly count: number
}

/** Records that follow one another on the disk, from as few places as they lie in. */
export interface PackRegion {
  readonly slices: readonly PackRange[]
  readonly length: number
  readonly expected: ExpectedRecords
  /** Wire places, one a record. */
  readonly places: Float64Array
}

export interface PackRange {
  readonly packName: string
  readonly volume: string
  readonly offset: number
  readonly length: number
}

const REGION_BYTES = 1024 * 1024 - 4096 // with its prefix it stays a frame of at most 1 MiB
const REGION_SLICES = 64

/** Chunks of a disk: all of them where it is undefined. */
export interface ChunkRange {
  readonly first: number
  readonly end: number
  /** Digests of what the target has in the range, one a chunk. */
  readonly have?: Buffer | undefined
}

/** Plans the reads of one disk of a version from chunk `from` on; reads nothing itself but the map. */
export async function* pullDisk(
  database: Database,
  version: number,
  disk: VersionDiskRow,
  from: number,
  range?: ChunkRange,
): AsyncIterable<PullStep> {
  const segments = new SegmentCache(database)
  const pages = new BasePages(database, { ...disk, version }, segments)
  const count = pageCount(disk.sizeBytes, disk.chunkBytes)
  const end = range?.end ?? chunkCount(disk.sizeBytes, disk.chunkBytes)
  const start = range ? Math.floor(from / PAGE_CHUNKS) : 0
  for (let at = start; at < count && at * PAGE_CHUNKS < end; at++) {
    const page = await pages.page(at)
    if (!page) throw missingPage(disk, at)
    yield { page: { page: at, digest: page.digest } }
    const first = Math.max(0, from - at * PAGE_CHUNKS)
    const last = Math.min(page.entries, end - at * PAGE_CHUNKS)
    if (first < last) yield* pageSteps(segments, disk, page, { first, end: last }, range)
  }
}

interface WantedChunk {
  readonly index: number
  readonly id: ChunkId
  readonly place: ChunkPlace
  /** Where its record will begin in the region. */
  readonly at: number
}

/** The digest root of a part of a disk, as if it were a disk. */
export async function rangeRoot(
  database: Database,
  version: number,
  disk: VersionDiskRow,
  { first, end }: ChunkRange,
): Promise<Buffer> {
  const segments = new SegmentCache(database)
  const pages = new BasePages(database, { ...disk, version }, segments)
  const isLost = unreadableChunks(disk)
  const root = new PageRoot()
  for (let index = first; index < end;) {
    const at = Math.floor(index / PAGE_CHUNKS)
    const page = await pages.page(at)
    if (!page) throw missingPage(disk, at)
    for (; index < end && index < (at + 1) * PAGE_CHUNKS; index++) {
      const id = page.ids[index - at * PAGE_CHUNKS] ?? 0
      const place = id === 0 || isLost(index) ? undefined : segments.placeOf(id)
      if (place) root.add(place.digest)
      else root.addZeros(1)
    }
  }
  return root.end()
}

/** Records are collected while they follow one another and fit a frame. */
export class OpenRegion {
  readonly #disk: VersionDiskRow
  #slices: { packName: string; volume: string; offset: number; length: number }[] = []
  #chunks: WantedChunk[] = []
  #length = 0

  constructor(disk: VersionDiskRow) {
    this.#disk = disk
  }

  takes(place: ChunkPlace): boolean {
    const fits = this.#length + recordBytes(place) <= REGION_BYTES
    return fits && (this.#adjoins(place) || this.#slices.length < REGION_SLICES)
  }

  add(index: number, id: ChunkId, place: ChunkPlace): void {
    const bytes = recordBytes(place)
    const last = this.#slices.at(-1)
    if (last && this.#adjoins(place)) last.length += bytes
    else {
      const { packName, volume, offset } = place
      this.#slices.push({ packName, volume, offset, length: bytes })
    }
    this.#chunks.push({ index, id, place, at: this.#length })
    this.#length += bytes
  }

  *flush(): Iterable<PullStep> {
    if (this.#chunks.length === 0) return
    yield { region: regionOf(this.#disk, this.#slices, this.#chunks, this.#length) }
    this.#slices = []
    this.#chunks = []
    this.#length = 0
  }

  #adjoins(place: ChunkPlace): boolean {
    const last = this.#slices.at(-1)
    return last?.packName === place.packName && last.offset + last.length === place.offset
  }
}

function* pageSteps(
  segments: SegmentCache,
  disk: VersionDiskRow,
  page: ExpandedPage,
  { first, end: last }: ChunkRange,
  range: ChunkRange | undefined,
): Iterable<PullStep> {
  const isLost = unreadableChunks(disk)
  const open = new OpenRegion(disk)
  const run = new OpenRun()
  for (let position = first; position < last; position++) {
    const id = page.ids[position] ?? 0
    const index = page.page * PAGE_CHUNKS + position
    const place = id === 0 || isLost(index) ? undefined : segments.placeOf(id)
    if (id !== 0 && !place && !isLost(index)) throw lostChunk(disk, index)
    const kind = kindOf(place, isLost(index), range, index)
    if (kind) yield* open.flush()
    yield* run.turn(kind, index)
    if (kind || !place) continue
    if (!open.takes(place)) yield* open.flush()
    open.add(index, id, place)
  }
  yield* open.flush()
  yield* run.flush()
}

type RunKind = 'zeros' | 'unreadable' | 'same'

/** Undefined: its record is to be sent. */
function kindOf(
  place: ChunkPlace | undefined,
  isLost: boolean,
  range: ChunkRange | undefined,
  index: number,
): RunKind | undefined {
  if (isLost) return 'unreadable'
  if (range?.have) {
    const at = (index - range.first) * DIGEST_BYTES
    const has = range.have.subarray(at, at + DIGEST_BYTES)
    if (has.equals(place?.digest ?? ZERO_DIGEST)) return 'same'
  }
  return place ? undefined : 'zeros'
}

/** Chunks of one kind that follow one another. */
class OpenRun {
  #kind: RunKind | undefined
  #start = 0
  #count = 0;

  *turn(kind: RunKind | undefined, index: number): Iterable<PullStep> {
    if (kind !== this.#kind) {
      yield* this.flush()
      this.#kind = kind
      this.#start = index
    }
    this.#count++
  }

  *flush(): Iterable<PullStep> {
    const run = { start: this.#start, count: this.#count }
    if (this.#kind === 'zeros') yield { zeros: run }
    else if (this.#kind === 'unreadable') yield { unreadable: run }
    else if (this.#kind === 'same') yield { same: run }
    this.#kind = undefined
    this.#count = 0
  }
}

function recordBytes(place: ChunkPlace): number {
  return RECORD_HEADER_BYTES + place.storedLength
}

function regionOf(
  disk: VersionDiskRow,
  slices: readonly PackRange[],
  chunks: readonly WantedChunk[],
  length: number,
): PackRegion {
  return {
    slices,
    length,
    places: Float64Array.from(chunks, (c) => encodePlace(disk.ordinal, c.index)),
    expected: {
      offsets: Uint32Array.from(chunks, (c) => c.at),
      chunks: Float64Array.from(chunks, (c) => c.id),
      storedLengths: Uint32Array.from(chunks, (c) => c.place.storedLength),
      plainLengths: Uint32Array.from(chunks, (c) =>
        chunkLength(c.index, disk.sizeBytes, disk.chunkBytes),
      ),
      codecs: Uint8Array.from(chunks, (c) => c.place.codec),
      digests: Buffer.concat(chunks.map((c) => c.place.digest)),
    },
  }
}

/** Which chunks could not be read when the version was made. */
export function unreadableChunks(disk: VersionDiskRow): (index: number) => boolean {
  const ranges: { from: number; to: number }[] = []
  for (let i = 0; i + 1 < disk.unreadable.length; i += 2) {
    const offset = disk.unreadable[i] ?? 0
    const end = offset + (disk.unreadable[i + 1] ?? 0)
    ranges.push({ from: offset / disk.chunkBytes, to: Math.ceil(end / disk.chunkBytes) })
  }
  return (index) => ranges.some((range) => index >= range.from && index < range.to)
}

function missingPage(disk: VersionDiskRow, page: number): HoldfastError {
  return new HoldfastError(
    'catalog-inconsistent',
    `disk ${disk.name} lacks page ${page} of its map`,
  )
}

export function lostChunk(disk: VersionDiskRow, index: number): HoldfastError {
  return new HoldfastError(
    'chunk-missing',
    `disk ${disk.name}: the stored chunk at offset ${index * disk.chunkBytes} is gone`,
    { hint: 'Run `holdfast verify --all`, then `holdfast check` on the source to heal it.' },
  )
}
