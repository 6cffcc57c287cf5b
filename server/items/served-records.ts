import type { DamagedRecord } from '../../core/chunk/expected.ts'
import { decodePlace } from '../../core/chunk/record.ts'
import type { ServedRecords, ServePool } from '../../core/chunk/serve-pool.ts'
import { metLater } from '../../core/runtime/met-later.ts'
import type { Database } from '../catalog/database.ts'
import type { VersionDiskRow } from '../catalog/versions.ts'
import { lostChunk, type PackRegion } from '../flows/pull.ts'
import type { ChunkStore } from '../store/chunk-store.ts'
import { refuseDamaged, unreadable } from './chunk-failure.ts'
import type { DiskMap, PlacedChunk } from './disk-map.ts'
import { regionsOf } from './stored-chunks.ts'

export interface ServeDeps {
  readonly database: Database
  readonly store: ChunkStore
  readonly pool: ServePool
}

/** One disk of a version that somebody holds. */
export interface ServedDisk {
  readonly version: number
  readonly disk: VersionDiskRow
  readonly map: DiskMap
}

/** Frames that are read while earlier ones are sent. */
const AHEAD = 3

/** Chunks with their places as they are now. Throws when any of them is not to be had. */
export async function placeReadable(
  { map, disk }: ServedDisk,
  first: number,
  count: number,
): Promise<PlacedChunk[]> {
  const placed = await map.place(first, count)
  const lost = placed.find(({ id, place }) => id !== 0 && !place)
  if (lost) throw lostChunk(disk, lost.index)
  const bad = placed.find(({ isUnreadable }) => isUnreadable)
  if (bad) throw unreadable(disk.name, bad.index * disk.chunkBytes)
  return placed
}

/**
 * The records of these chunks as they lie in the store, checked, compressed, in order; zero chunks
 * have none. Each is to be released once it is sent.
 */
export async function* servedRecords(
  deps: ServeDeps,
  served: ServedDisk,
  placed: readonly PlacedChunk[],
): AsyncGenerator<ServedRecords> {
  const ahead: Promise<ServedRecords[]>[] = []
  for (const { packed } of regionsOf(served.disk, placed)) {
    ahead.push(metLater(serveWhole(deps, served, packed)))
    if (ahead.length === AHEAD) yield* (await ahead.shift()) ?? []
  }
  while (ahead.length > 0) yield* (await ahead.shift()) ?? []
}

/** What is not whole is looked for once more where it lies by now; then it is damaged. */
async function serveWhole(
  deps: ServeDeps,
  of: ServedDisk,
  region: PackRegion,
): Promise<ServedRecords[]> {
  const served = await serve(deps, region)
  if (served.damaged.length === 0) return [served]
  served.release()
  for (const chunk of region.expected.chunks) of.map.forget(chunk)
  const indexes = Array.from(region.places, indexOf)
  const from = indexes[0] ?? 0
  const placed = await of.map.place(from, (indexes.at(-1) ?? 0) - from + 1)
  const wanted = placed.filter(({ index }) => indexes.includes(index))
  const again: ServedRecords[] = []
  for (const { packed } of regionsOf(of.disk, wanted)) {
    again.push(await serve(deps, packed))
    await refuseAnyDamaged(deps, of, packed, again.at(-1)?.damaged ?? [])
  }
  return again
}

async function refuseAnyDamaged(
  { database }: ServeDeps,
  { disk, version }: ServedDisk,
  region: PackRegion,
  damaged: readonly DamagedRecord[],
): Promise<void> {
  const [first] = damaged
  if (!first) return
  const index = indexOf(region.places[first.index] ?? 0)
  throw await refuseDamaged(database, {
    ...{ chunk: region.expected.chunks[first.index] ?? 0, disk: disk.name, version },
    ...{ offset: index * disk.chunkBytes, reason: first.reason },
  })
}

function serve({ store, pool }: ServeDeps, region: PackRegion): Promise<ServedRecords> {
  const slices = region.slices.map(({ packName: name, volume, offset, length }) => ({
    length,
    read: (into: Buffer) => store.readPack({ name, volume }, offset, into),
  }))
  return pool.serve(slices, region.expected, region.places)
}

function indexOf(place: number): number {
  return decodePlace(place).index
}
