import { HoldfastError } from '../../../core/model/error.ts'
import { upsertPoint, type RebuiltPoint } from '../../catalog/rebuild-versions.ts'
import type { Database } from '../../catalog/database.ts'
import type { ChunkStore } from '../../store/chunk-store.ts'
import {
  decodePointDocument,
  decodeTombstone,
  pointDocumentName,
  TOMBSTONES_PREFIX,
  type PointDocument,
  type Tombstone,
} from '../../store/point-document.ts'
import type { FoundPoint } from './rebuild-versions.ts'

export interface RebuiltPoints {
  points: number
  deleted: number
  readonly warnings: string[]
}

/** Points by their manifests, what changed of them since by their documents, deleted ones stay so. */
export async function rebuildPoints(
  { database, store }: { database: Database; store: ChunkStore },
  found: readonly FoundPoint[],
): Promise<RebuiltPoints> {
  const rebuilt: RebuiltPoints = { points: 0, deleted: 0, warnings: [] }
  const tombstones = await readTombstones(store, rebuilt.warnings)
  for (const point of found) {
    const document = await readDocument(store, point, rebuilt.warnings)
    const tombstone = tombstones.get(point.point.id)
    tombstones.delete(point.point.id)
    await upsertPoint(database, rowOf(point, document, tombstone))
    if (tombstone) rebuilt.deleted++
    else rebuilt.points++
  }
  for (const tombstone of tombstones.values()) {
    if (await insertGone(database, tombstone)) rebuilt.deleted++
  }
  return rebuilt
}

async function readTombstones(
  store: ChunkStore,
  warnings: string[],
): Promise<Map<string, Tombstone>> {
  const tombstones = new Map<string, Tombstone>()
  for await (const name of store.listDocuments(TOMBSTONES_PREFIX)) {
    const bytes = await store.readDocument(name)
    const tombstone = bytes && whole(() => decodeTombstone(name, bytes), warnings)
    if (tombstone) tombstones.set(tombstone.id, tombstone)
  }
  return tombstones
}

async function readDocument(
  store: ChunkStore,
  point: FoundPoint,
  warnings: string[],
): Promise<PointDocument | undefined> {
  const name = pointDocumentName(point)
  const bytes = await store.readDocument(name)
  return bytes && whole(() => decodePointDocument(name, bytes), warnings)
}

function whole<T>(decode: () => T, warnings: string[]): T | undefined {
  try {
    return decode()
  } catch (error) {
    if (!(error instanceof HoldfastError) || error.code !== 'manifest-damaged') throw error
    warnings.push(error.message)
    return undefined
  }
}

function rowOf(
  { version, dataSource, point, whole: isWhole }: FoundPoint,
  document: PointDocument | undefined,
  tombstone: Tombstone | undefined,
): RebuiltPoint {
  const now = document ?? {
    ...{ ...point, stateBefore: null, comment: null, lockedUntil: null },
    ...{ verifiedAt: null, provenAt: null },
  }
  const living = isWhole ? now.state : 'damaged'
  const summary = tombstone?.summary
  return {
    ...{ id: point.id, version, dataSource, createdAt: point.createdAt },
    state: tombstone ? 'deleted' : living,
    stateBefore: tombstone ? (isWhole ? tombstone.stateBefore : 'damaged') : now.stateBefore,
    ...{ label: now.label, comment: now.comment, protected: now.protected },
    ...{ expiresAt: now.expiresAt, lockedUntil: now.lockedUntil },
    ...{ verifiedAt: now.verifiedAt, provenAt: now.provenAt },
    deletedAt: tombstone?.deletedAt ?? null,
    deletedBy: tombstone?.deletedBy ?? null,
    deletionReason: tombstone?.deletionReason ?? null,
    summary: summary == null ? null : JSON.stringify(summary),
  }
}

/** A point whose version is gone too, as far as its data source is known. */
async function insertGone(database: Database, tombstone: Tombstone): Promise<boolean> {
  const { id, dataSource, createdAt, stateBefore, deletedAt, deletedBy, deletionReason } = tombstone
  const known = await database.query(`SELECT 1 FROM data_source WHERE id = $1`, [dataSource])
  if (known.length === 0) return false
  await upsertPoint(database, {
    ...{ id, dataSource, createdAt, stateBefore, deletedAt, deletedBy, deletionReason },
    ...{ version: null, state: 'deleted', label: null, comment: null, protected: false },
    ...{ expiresAt: null, lockedUntil: null, verifiedAt: null, provenAt: null },
    summary: tombstone.summary == null ? null : JSON.stringify(tombstone.summary),
  })
  return true
}
