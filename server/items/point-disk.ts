import { ChunkCache } from '../../core/chunk/chunk-cache.ts'
import type { OpenPool } from '../../core/chunk/open-pool.ts'
import type { ServePool } from '../../core/chunk/serve-pool.ts'
import type { AllocatedExtent } from '../../core/disk/disk.ts'
import type { ByteReader } from '../../core/filesystem/byte-reader.ts'
import type { ChunkStore } from '../store/chunk-store.ts'
import { DiskMap, type ChunkRun } from './disk-map.ts'
import { holdDisk, type HoldDeps, type WantedDisk } from './hold-disk.ts'
import type { SharedChunks } from './shared-chunks.ts'
import { StoredChunks } from './stored-chunks.ts'
import { wholeChunks, type WholeChunks } from './whole-chunks.ts'

export interface PointDiskDeps extends HoldDeps {
  readonly store: ChunkStore
  readonly pool: OpenPool
  /** For those who take chunks as they are stored. */
  readonly serve?: ServePool
}

/** A disk of a recovery point, as bytes at any place. Read-only; several may read at once. */
export interface PointDisk extends ByteReader {
  readonly name: string
  readonly version: number
  readonly chunkBytes: number
  /** From the map alone: what reads as zeros, and what holds data. Rises without gap. */
  allocation(offset?: number, length?: number): AsyncIterable<AllocatedExtent>
  /** The bytes of chunks `first`..`end - 1` as they are stored; without it, only `read` gives them. */
  readonly whole?: (first: number, end: number) => AsyncGenerator<WholeChunks>
  /** From here on the point may be deleted. */
  close(): Promise<void>
}

export interface PointDiskOptions {
  /** Plain chunks that are kept, in bytes. */
  readonly cacheBytes?: number
  /** Plain chunks that readers of other points have, and may have of this one. */
  readonly shared?: SharedChunks
}

/** Holds the point's version until it is closed. */
export async function openPointDisk(
  deps: PointDiskDeps,
  wanted: WantedDisk,
  options: PointDiskOptions = {},
): Promise<PointDisk> {
  const held = await holdDisk(deps, wanted)
  const { disk, version } = held
  const { name, sizeBytes, chunkBytes } = disk
  const map = new DiskMap(deps.database, version, disk)
  const chunks = new StoredChunks({ ...deps, shared: options.shared }, map, version, disk)
  const cache = new ChunkCache(
    { sizeBytes, chunkBytes, fetch: (first, count) => chunks.fetch(first, count) },
    options.cacheBytes === undefined ? {} : { limitBytes: options.cacheBytes },
  )
  const { serve } = deps
  return {
    ...{ name, version, sizeBytes, chunkBytes },
    ...(serve && {
      whole: (first: number, end: number) =>
        wholeChunks({ ...deps, pool: serve }, { version, disk, map }, first, end),
    }),
    read: (offset, length) => cache.read(offset, length),
    allocation: (offset = 0, length = sizeBytes - offset) =>
      allocation(map, { offset, length, sizeBytes, chunkBytes }),
    close: () => {
      cache.close()
      return held.release()
    },
  }
}

interface Range {
  readonly offset: number
  readonly length: number
  readonly sizeBytes: number
  readonly chunkBytes: number
}

const CHUNKS_AT_ONCE = 32 * 1024

async function* allocation(map: DiskMap, range: Range): AsyncIterable<AllocatedExtent> {
  const { offset, length, sizeBytes, chunkBytes } = range
  const end = Math.min(offset + length, sizeBytes)
  const last = Math.ceil(end / chunkBytes)
  for (let at = Math.floor(offset / chunkBytes); at < last; at += CHUNKS_AT_ONCE) {
    const runs = await map.runs(at, Math.min(CHUNKS_AT_ONCE, last - at))
    for (const run of runs) {
      const extent = extentOf(run, chunkBytes, offset, end)
      if (extent.length > 0) yield extent
    }
  }
}

/** What could not be read is no zero: whoever reads it is told. */
function extentOf(run: ChunkRun, chunkBytes: number, from: number, to: number): AllocatedExtent {
  const start = Math.max(from, run.start * chunkBytes)
  const stop = Math.min(to, (run.start + run.count) * chunkBytes)
  return { offset: start, length: stop - start, zero: run.kind === 'zero' }
}
