import { HoldfastError } from '../../core/model/error.ts'
import { recordEvent } from '../catalog/events.ts'
import { freedBytes } from '../catalog/freed-bytes.ts'
import {
  hasAnotherGoodPoint,
  lockPoint,
  readersOf,
  type LockedPoint,
} from '../catalog/point-rows.ts'
import { getPoint } from '../catalog/points.ts'
import type { Queryable } from '../catalog/database.ts'
import { writeTombstone } from './point-documents.ts'
import { apply, UNDO_MS, type PointChangeDeps } from './point-changes.ts'

export interface PointDeletion {
  readonly deleted: boolean
  readonly freedBytes: number
  /** ISO 8601; null while nothing was deleted. */
  readonly undeleteUntil: string | null
}

export interface DeletionRules {
  /** The last good point may go too: protection was stopped, and its points with it. */
  readonly lastToo?: boolean
}

/** What a deletion would free, and whether it would be refused (it throws what the deletion would). */
export async function previewDeletion(
  deps: PointChangeDeps,
  id: string,
  rules: DeletionRules = {},
): Promise<PointDeletion> {
  const version = await deps.database.tx(async (q) => {
    const point = await lockPoint(q, id)
    if (point.state !== 'deleted') await requireDeletable(q, point, rules)
    return point.version
  })
  // Without a lock: it may take seconds, and transfers of the data source go on.
  const bytes = version === null ? 0 : await freedBytes(deps.database, version)
  return { deleted: false, freedBytes: bytes, undeleteUntil: null }
}

/**
 * Marks a point deleted: nobody recovers from it, and collection takes its version 72 hours later.
 * Until then `undeletePoint` brings it back. Again is no error.
 */
export async function deletePoint(
  deps: PointChangeDeps,
  id: string,
  reason: string | null,
  by: string,
  rules: DeletionRules = {},
): Promise<PointDeletion> {
  const { freedBytes: bytes } = await previewDeletion(deps, id, rules)
  return deps.database.tx(async (q) => {
    const point = await lockPoint(q, id)
    if (point.state === 'deleted')
      return deleted(point.deletedAt ?? new Date(0), bytes, deps.undoMs)
    await requireDeletable(q, point, rules)
    const deletedAt = new Date(deps.clock.now())
    const facts = {
      ...{ deletedAt, deletedBy: by, deletionReason: reason, stateBefore: point.state },
      summary: { ...(await getPoint(q, id)), freedBytes: bytes },
    }
    await writeTombstone(deps.store, point, facts)
    await apply(deps.store, q, point, { state: 'deleted', ...facts })
    const message = `deleted${reason === null ? '' : `: ${reason}`}`
    await recordEvent(q, { kind: 'point-deleted', about: id, message, actor: by })
    return deleted(deletedAt, bytes, deps.undoMs)
  })
}

function deleted(at: Date, bytes: number, undoMs = UNDO_MS): PointDeletion {
  const undeleteUntil = new Date(at.getTime() + undoMs).toISOString()
  return { deleted: true, freedBytes: bytes, undeleteUntil }
}

async function requireDeletable(
  q: Queryable,
  point: LockedPoint,
  { lastToo = false }: DeletionRules,
): Promise<void> {
  const { id, source } = point
  if (point.protected)
    throw new HoldfastError('point-protected', `recovery point ${id} of ${source} is protected`, {
      hint: '`holdfast point unprotect` first.',
    })
  if (point.isLocked)
    throw new HoldfastError(
      'point-locked',
      `recovery point ${id} of ${source} is locked until ${point.lockedUntil?.toISOString() ?? ''}`,
      { hint: 'Nobody can delete it before that time.' },
    )
  const [reader] = point.version === null ? [] : await readersOf(q, point.version)
  if (reader) throw held(id, reader)
  if (!lastToo) await requireAnotherGood(q, point)
}

function held(point: string, { id, kind }: { id: string; kind: string | null }): HoldfastError {
  if (kind === null)
    return new HoldfastError('point-held', `${id} reads recovery point ${point}`, {
      hint: 'It is an export, or somebody looks into the point: it goes as soon as that has ended.',
    })
  return new HoldfastError('point-held', `${kind} ${id} reads recovery point ${point}`, {
    hint: 'Wait for it with `holdfast job watch`, or stop it with `holdfast job cancel`.',
  })
}

/** A damaged point may go; what was derived is not the only copy of anything. */
async function requireAnotherGood(q: Queryable, point: LockedPoint): Promise<void> {
  if (point.state === 'damaged' || point.sourceKind === 'derived') return
  if (await hasAnotherGoodPoint(q, point)) return
  throw new HoldfastError(
    'last-good-point',
    `recovery point ${point.id} is the last good one of ${point.source}`,
    { hint: 'Make another one with `holdfast point create` first.' },
  )
}
