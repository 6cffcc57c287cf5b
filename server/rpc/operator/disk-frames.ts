import type { DamagedRecord } from '../../../core/chunk/expected.ts'
import { decodePlace } from '../../../core/chunk/record.ts'
import type { ServedRecords, ServePool } from '../../../core/chunk/serve-pool.ts'
import type { DiskFrameOut } from '../../../core/wire/frame.ts'
import type { Database } from '../../catalog/database.ts'
import { lostChunk, type PackRegion } from '../../flows/pull.ts'
import { refuseDamaged, unreadable } from '../../items/chunk-failure.ts'
import type { PlacedChunk } from '../../items/disk-map.ts'
import type { DiskSession } from '../../items/disk-sessions.ts'
import { regionsOf } from '../../items/stored-chunks.ts'
import type { ChunkStore } from '../../store/chunk-store.ts'

export interface DiskFrameDeps {
  readonly database: Database
  readonly store: ChunkStore
  readonly pool: ServePool
}

/** Frames that are read while earlier ones are sent. */
const AHEAD = 3

/** Chunks as they lie in the store: checked, compressed, in order but for zeros, which come first. */
export async function* diskFrames(
  deps: DiskFrameDeps,
  session: DiskSession,
  first: number,
  count: number,
): AsyncIterable<DiskFrameOut> {
  const { map, disk } = session
  const placed = await map.place(first, count)
  const lost = placed.find(({ id, place }) => id !== 0 && !place)
  if (lost) throw lostChunk(disk, lost.index)
  const bad = placed.find(({ isUnreadable }) => isUnreadable)
  if (bad) throw unreadable(disk.name, bad.index * disk.chunkBytes)
  yield { runs: { runs: zeroRuns(placed) } }
  const regions = regionsOf(disk, placed).map(({ packed }) => packed)
  const ahead: Promise<ServedRecords[]>[] = []
  for (const region of regions) {
    ahead.push(met(serveWhole(deps, session, region)))
    if (ahead.length === AHEAD) yield* send(ahead.shift())
  }
  while (ahead.length > 0) yield* send(ahead.shift())
}

async function* send(next: Promise<ServedRecords[]> | undefined): AsyncIterable<DiskFrameOut> {
  for (const served of (await next) ?? []) {
    yield { records: served.frame }
    served.release()
  }
}

function met<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {}) // thrown where it is awaited
  return promise
}

function zeroRuns(placed: readonly PlacedChunk[]) {
  const runs: { kind: 'ZERO'; start: number; count: number }[] = []
  for (const { index, id } of placed) {
    if (id !== 0) continue
    const last = runs.at(-1)
    if (last && last.start + last.count === index) last.count++
    else runs.push({ kind: 'ZERO', start: index, count: 1 })
  }
  return runs
}

/** What is not whole is looked for once more where it lies by now; then it is damaged. */
async function serveWhole(
  deps: DiskFrameDeps,
  session: DiskSession,
  region: PackRegion,
): Promise<ServedRecords[]> {
  const served = await serve(deps, region)
  if (served.damaged.length === 0) return [served]
  served.release()
  for (const chunk of region.expected.chunks) session.map.forget(chunk)
  const indexes = Array.from(region.places, indexOf)
  const from = indexes[0] ?? 0
  const placed = await session.map.place(from, (indexes.at(-1) ?? 0) - from + 1)
  const wanted = placed.filter(({ index }) => indexes.includes(index))
  const again: ServedRecords[] = []
  for (const { packed } of regionsOf(session.disk, wanted)) {
    again.push(await serve(deps, packed))
    await refuseAnyDamaged(deps, session, packed, again.at(-1)?.damaged ?? [])
  }
  return again
}

async function refuseAnyDamaged(
  { database }: DiskFrameDeps,
  { disk, version }: DiskSession,
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

function serve({ store, pool }: DiskFrameDeps, region: PackRegion): Promise<ServedRecords> {
  const slices = region.slices.map(({ packName: name, volume, offset, length }) => ({
    length,
    read: (into: Buffer) => store.readPack({ name, volume }, offset, into),
  }))
  return pool.serve(slices, region.expected, region.places)
}

function indexOf(place: number): number {
  return decodePlace(place).index
}
