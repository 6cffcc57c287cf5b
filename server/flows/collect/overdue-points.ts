import { listOverduePoints, releasePoint, type OverduePoint } from '../../catalog/collectable.ts'
import { recordEvent } from '../../catalog/events.ts'
import { holdFence } from '../../catalog/fence.ts'
import { getPoint, type PointView } from '../../catalog/points.ts'
import { encodeTombstone, pointDocumentName, tombstoneName } from '../../store/point-document.ts'
import type { CollectDeps } from '../collect.ts'

/**
 * Deleted points let go of their versions once their undo time is over. The tombstone is durable in
 * the store before the catalog forgets: a rebuild must not bring the point back.
 */
export async function releaseOverduePoints(deps: CollectDeps, undoMs: number): Promise<number> {
  const deletedBefore = new Date(deps.clock.now() - undoMs)
  let released = 0
  for (const point of await listOverduePoints(deps.database, deletedBefore)) {
    deps.signal.throwIfAborted()
    if (await release(deps, point, deletedBefore)) released++
  }
  return released
}

async function release(
  deps: CollectDeps,
  point: OverduePoint,
  deletedBefore: Date,
): Promise<boolean> {
  const summary = await getPoint(deps.database, point.id)
  const name = tombstoneName(point.id)
  await deps.store.writeDocument(name, tombstoneOf(point, summary))
  const done = await deps.database.tx(async (q) => {
    await holdFence(q, deps.fence)
    if (!(await releasePoint(q, point.id, deletedBefore, summary))) return false
    const message = 'the time to bring the deleted point back is over'
    await recordEvent(q, { kind: 'point-removed', about: point.id, message })
    return true
  })
  // Brought back in between: it must not be dead to a rebuild.
  if (!done) await deps.store.removeDocument(name)
  else if (summary.versionUid !== null)
    await deps.store.removeDocument(
      pointDocumentName({ ...summary, versionUid: summary.versionUid }),
    )
  return done
}

function tombstoneOf(point: OverduePoint, summary: PointView): Buffer {
  return encodeTombstone({
    id: point.id,
    dataSource: summary.dataSource,
    sequence: summary.sequence,
    versionUid: summary.versionUid ?? '',
    createdAt: summary.createdAt,
    deletedAt: point.deletedAt.toISOString(),
    deletedBy: point.deletedBy,
    deletionReason: point.deletionReason,
    stateBefore: point.stateBefore,
    summary,
  })
}
