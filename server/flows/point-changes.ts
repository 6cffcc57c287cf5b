import { HoldfastError } from '../../core/model/error.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import type { Database, Queryable } from '../catalog/database.ts'
import { recordEvent } from '../catalog/events.ts'
import {
  isDamaged,
  lockPoint,
  updatePoint,
  type LockedPoint,
  type PointChange,
} from '../catalog/point-rows.ts'
import type { ChunkStore } from '../store/chunk-store.ts'
import { removeTombstone, writePointDocument } from './point-documents.ts'

export interface PointChangeDeps {
  readonly database: Database
  readonly store: ChunkStore
  readonly clock: Clock
  /** For how long a deletion can be undone; 72 hours where nothing is said. */
  readonly undoMs?: number
}

export const UNDO_MS = 72 * 60 * 60 * 1000

const LONGEST_TEXT = 4096 // characters of a label or comment

/** An empty text takes the comment away. */
export async function commentPoint(
  deps: PointChangeDeps,
  id: string,
  comment: string,
  by: string,
): Promise<void> {
  requireShort('comment', comment)
  const text = comment === '' ? 'comment removed' : `comment: ${comment}`
  await changePoint(deps, id, { kind: 'point-commented', message: text, actor: by }, () => ({
    comment: comment || null,
  }))
}

export async function labelPoint(
  deps: PointChangeDeps,
  id: string,
  label: string,
  by: string,
): Promise<void> {
  requireShort('label', label)
  const text = label === '' ? 'label removed' : `label: ${label}`
  await changePoint(deps, id, { kind: 'point-labelled', message: text, actor: by }, () => ({
    label: label || null,
  }))
}

export async function protectPoint(
  deps: PointChangeDeps,
  id: string,
  protect: boolean,
  by: string,
): Promise<void> {
  const kind = protect ? 'point-protected' : 'point-unprotected'
  const message = protect ? 'neither expires nor can be deleted' : 'may expire and be deleted'
  await changePoint(deps, id, { kind, message, actor: by }, (point) =>
    point.protected === protect ? undefined : { protected: protect },
  )
}

/** Brings a deleted point back while its undo time runs. Again is no error. */
export async function undeletePoint(deps: PointChangeDeps, id: string, by: string): Promise<void> {
  await deps.database.tx(async (q) => {
    const point = await lockPoint(q, id)
    if (point.state !== 'deleted') return
    requireUndoTime(deps, point)
    const state = (await isDamaged(q, point.version ?? 0))
      ? 'damaged'
      : (point.stateBefore ?? 'ready')
    const change = {
      ...{ state, stateBefore: null, deletedAt: null, deletedBy: null, deletionReason: null },
      summary: null,
    } as const
    await apply(deps.store, q, point, change)
    await removeTombstone(deps.store, id)
    const message = `undeleted, ${state} again`
    await recordEvent(q, { kind: 'point-undeleted', about: id, message, actor: by })
  })
}

function requireUndoTime(
  { clock, undoMs = UNDO_MS }: PointChangeDeps,
  { id, version, deletedAt }: LockedPoint,
): void {
  if (version !== null && clock.now() < (deletedAt?.getTime() ?? 0) + undoMs) return
  throw new HoldfastError('not-found', `recovery point ${id} was deleted too long ago`, {
    hint: 'Its undo time is over: its data are gone, or may be at any moment.',
  })
}

interface Told {
  readonly kind: string
  readonly message: string
  readonly actor: string
}

/** One change with its event; none where `decide` finds nothing to do. */
async function changePoint(
  { database, store }: PointChangeDeps,
  id: string,
  told: Told,
  decide: (point: LockedPoint) => PointChange | undefined,
): Promise<void> {
  await database.tx(async (q) => {
    const point = await lockPoint(q, id)
    if (point.state === 'deleted')
      throw new HoldfastError('not-found', `recovery point ${id} is deleted`, {
        hint: '`holdfast point undelete` brings it back while its undo time runs.',
      })
    const change = decide(point)
    if (!change) return
    await apply(store, q, point, change)
    await recordEvent(q, { ...told, about: id })
  })
}

/**
 * The store first: what is acknowledged outlives the catalog. If the transaction fails after it, the
 * store alone has the change, which nobody was told of; the next change writes over it.
 */
export async function apply(
  store: ChunkStore,
  q: Queryable,
  point: LockedPoint,
  change: PointChange,
): Promise<void> {
  await writePointDocument(store, { ...point, ...change })
  await updatePoint(q, point.id, change)
}

function requireShort(what: string, text: string): void {
  if (text.length <= LONGEST_TEXT) return
  throw new HoldfastError('invalid-argument', `a ${what} has at most ${LONGEST_TEXT} characters`)
}
