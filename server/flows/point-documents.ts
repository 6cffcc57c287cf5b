import type { PointState } from '../../core/model/state.ts'
import type { LockedPoint } from '../catalog/point-rows.ts'
import { isoTime } from '../catalog/time.ts'
import type { ChunkStore } from '../store/chunk-store.ts'
import {
  encodePointDocument,
  encodeTombstone,
  pointDocumentName,
  tombstoneName,
} from '../store/point-document.ts'

/** What outlives the catalog of a point's attributes. Nothing once its version is gone. */
export async function writePointDocument(store: ChunkStore, point: LockedPoint): Promise<void> {
  const place = placeOf(point)
  if (!place) return
  const { id, dataSource, state, stateBefore, label, comment } = point
  const document = {
    ...{ id, dataSource, ...place, state, stateBefore, label, comment },
    protected: point.protected,
    expiresAt: isoTime(point.expiresAt),
    lockedUntil: isoTime(point.lockedUntil),
    verifiedAt: isoTime(point.verifiedAt),
    provenAt: isoTime(point.provenAt),
    createdAt: isoTime(point.createdAt),
  }
  const name = pointDocumentName({ dataSource, ...place })
  await store.writeDocument(name, encodePointDocument(document))
}

export interface TombstoneFacts {
  readonly deletedAt: Date
  readonly deletedBy: string
  readonly deletionReason: string | null
  readonly stateBefore: PointState
  readonly summary: unknown
}

/** With it, a rebuild keeps the point deleted. */
export async function writeTombstone(
  store: ChunkStore,
  point: LockedPoint,
  facts: TombstoneFacts,
): Promise<void> {
  const place = placeOf(point)
  if (!place) return
  const { id, dataSource } = point
  const createdAt = isoTime(point.createdAt)
  const deletedAt = isoTime(facts.deletedAt)
  const document = { id, dataSource, ...place, createdAt, ...facts, deletedAt }
  await store.writeDocument(tombstoneName(id), encodeTombstone(document))
}

export async function removeTombstone(store: ChunkStore, id: string): Promise<void> {
  await store.removeDocument(tombstoneName(id))
}

function placeOf(point: LockedPoint): { sequence: number; versionUid: string } | undefined {
  const { sequence, versionUid } = point
  return sequence === null || versionUid === null ? undefined : { sequence, versionUid }
}
