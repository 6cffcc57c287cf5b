import type { OpenPool } from '../../core/chunk/open-pool.ts'
import { zeroChunk } from '../../core/chunk/zero-chunk.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { chunkLength } from '../../core/model/geometry.ts'
import type { Database } from '../catalog/database.ts'
import type { VersionDiskRow } from '../catalog/versions.ts'
import { lostChunk, OpenRegion, type PackRange, type PackRegion } from '../flows/pull.ts'
import type { ChunkStore } from '../store/chunk-store.ts'
import { refuseDamaged, unreadable } from './chunk-failure.ts'
import type { SharedChunks } from './shared-chunks.ts'
import type { DiskMap, PlacedChunk } from './disk-map.ts'

export interface StoredChunksDeps {
  readonly database: Database
  readonly store: ChunkStore
  readonly pool: OpenPool
  readonly shared?: SharedChunks | undefined
}

/** Plain chunks of one disk of a version, each proven by its digest. */
export class StoredChunks {
  readonly #deps: StoredChunksDeps
  readonly #map: DiskMap
  readonly #disk: VersionDiskRow
  /** For people: which version. */
  readonly #version: number

  constructor(deps: StoredChunksDeps, map: DiskMap, version: number, disk: VersionDiskRow) {
    this.#deps = deps
    this.#map = map
    this.#disk = disk
    this.#version = version
  }

  /** One buffer a chunk, for reading only. Throws 'chunk-damaged', ... when any is not to be had. */
  async fetch(first: number, count: number): Promise<Buffer[]> {
    const placed = await this.#map.place(first, count)
    const found = this.#known(placed)
    const missing = placed.filter(({ index }) => !found.has(index))
    const regions = regionsOf(this.#disk, missing)
    await Promise.all(regions.map((region) => this.#open(region, found)))
    for (const { id, index } of missing) {
      const plain = found.get(index)
      if (plain) this.#deps.shared?.put(id, plain)
    }
    const chunks: Buffer[] = []
    for (const chunk of placed) chunks.push(found.get(chunk.index) ?? (await this.#other(chunk)))
    return chunks
  }

  #known(placed: readonly PlacedChunk[]): Map<number, Buffer> {
    const found = new Map<number, Buffer>()
    for (const { id, index, isUnreadable } of placed) {
      const chunk = isUnreadable ? undefined : this.#deps.shared?.get(id)
      if (chunk) found.set(index, chunk)
    }
    return found
  }

  /** Zeros, or one that could not be had with the others. */
  async #other(chunk: PlacedChunk): Promise<Buffer> {
    const { index, id } = chunk
    const { sizeBytes, chunkBytes, name } = this.#disk
    if (chunk.isUnreadable) throw unreadable(name, index * chunkBytes)
    if (id === 0) return zeroChunk(chunkLength(index, sizeBytes, chunkBytes))
    // Compaction may have moved it meanwhile: only where it lies by now shows whether it is damaged.
    this.#map.forget(id)
    const [again] = await this.#map.place(index, 1)
    const [region] = again ? regionsOf(this.#disk, [again]) : []
    if (!region) throw lostChunk(this.#disk, index)
    const found = new Map<number, Buffer>()
    const reason = await this.#open(region, found)
    const plain = found.get(index)
    if (plain) return plain
    throw await refuseDamaged(this.#deps.database, {
      ...{ chunk: id, disk: name, offset: index * chunkBytes, version: this.#version },
      reason: reason ?? 'damaged',
    })
  }

  /** Adds what is whole to `found`; gives what is wrong with the first that is not. */
  async #open(region: Region, found: Map<number, Buffer>): Promise<string | undefined> {
    const bytes = Buffer.allocUnsafeSlow(region.packed.length)
    let at = 0
    for (const slice of region.packed.slices) {
      await this.#read(slice, bytes.subarray(at, at + slice.length))
      at += slice.length
    }
    const { plain, damaged } = await this.#deps.pool.open(bytes, region.packed.expected)
    const isDamaged = new Set(damaged.map(({ index }) => index))
    plain.forEach((chunk, i) => {
      if (!isDamaged.has(i)) found.set(region.indexes[i] ?? -1, chunk)
    })
    return damaged[0]?.reason
  }

  async #read({ packName: name, volume, offset }: PackRange, into: Buffer): Promise<void> {
    try {
      await this.#deps.store.readPack({ name, volume }, offset, into)
    } catch (error) {
      const isDamage = error instanceof HoldfastError && error.code === 'pack-damaged'
      if (!isDamage) throw error // the store is not there: that says nothing of its chunks
      into.fill(0) // no record begins with zeros: each is asked for again alone
    }
  }
}

interface Region {
  readonly packed: PackRegion
  readonly indexes: readonly number[]
}

/** Neighbouring records together, as far as a frame goes. Chunks without place are left out. */
export function regionsOf(disk: VersionDiskRow, chunks: readonly PlacedChunk[]): Region[] {
  const regions: Region[] = []
  const open = new OpenRegion(disk)
  let indexes: number[] = []
  const flush = () => {
    for (const step of open.flush())
      if ('region' in step) regions.push({ packed: step.region, indexes })
    indexes = []
  }
  for (const { index, id, place, isUnreadable } of chunks) {
    if (!place || isUnreadable) continue
    if (!open.takes(place)) flush()
    open.add(index, id, place)
    indexes.push(index)
  }
  flush()
  return regions
}
