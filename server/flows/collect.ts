import type { Clock } from '../../core/runtime/clock.ts'
import { failpoint } from '../../core/runtime/failpoint.ts'
import type { Logger } from '../../core/runtime/log.ts'
import {
  condemnOrphanedPacks,
  listUnkeptVersions,
  lockForgottenTransfers,
} from '../catalog/collectable.ts'
import type { Database } from '../catalog/database.ts'
import { removeVersion } from '../catalog/deletion.ts'
import { holdFence, type Fence } from '../catalog/fence.ts'
import { sweepBatch } from '../catalog/sweep.ts'
import { abandonTransfer } from '../catalog/transfers.ts'
import type { ChunkStore } from '../store/chunk-store.ts'
import { isHeld } from './collect/is-held.ts'
import { removeLeftManifests } from './collect/left-manifests.ts'
import { releaseOverduePoints } from './collect/overdue-points.ts'
import { requireCurrentCatalog } from './collect/require-current-catalog.ts'
import { emptyTrash, trashCondemned } from './collect/trash.ts'

/**
 * Collection: what no point keeps any more gives its room back.
 *
 *  1. Refuse if the store knows more than this catalog, or is not its own.
 *  2. Deleted points whose undo time is over let go of their versions.
 *  3. Versions that no point keeps are removed, their manifests after them.
 *  4. Transfers that nobody takes up again let go of what they had stored.
 *  5. The sweep decides the segments that became suspect by all that.
 *  6. Packs of runs that are over are condemned; condemned packs go to the trash.
 *  7. What rested in the trash long enough is unlinked.
 *
 * Each step works in batches that commit alone, so it may be killed anywhere and begun again. Rows go
 * first, bytes later.
 */
export interface CollectDeps {
  readonly database: Database
  readonly store: ChunkStore
  readonly clock: Clock
  readonly log: Logger
  readonly fence: Fence
  readonly signal: AbortSignal
}

export interface CollectTimes {
  /** How long a deleted point can be brought back. */
  readonly undoMs: number
  /** How long a pack rests in the trash. */
  readonly trashMs: number
  /** After how long a transfer that was cut is no longer taken up. */
  readonly forgottenMs: number
}

const HOUR_MS = 3_600_000

export const COLLECT_TIMES: CollectTimes = {
  undoMs: 72 * HOUR_MS,
  trashMs: 72 * HOUR_MS,
  forgottenMs: 7 * 24 * HOUR_MS,
}

export interface Collected {
  readonly removedPoints: number
  readonly removedVersions: number
  readonly removedSegments: number
  /** Packs that went to the trash, and their bytes. */
  readonly removedPacks: number
  readonly trashedBytes: number
  /** Bytes that are free again: unlinked from the trash. */
  readonly freedBytes: number
}

export async function collect(
  deps: CollectDeps,
  times: CollectTimes = COLLECT_TIMES,
): Promise<Collected> {
  await requireCurrentCatalog(deps.database, deps.store)
  const removedPoints = await releaseOverduePoints(deps, times.undoMs)
  const removedVersions = await removeUnkeptVersions(deps)
  await removeLeftManifests(deps)
  await forgetTransfers(deps, times.forgottenMs)
  const removedSegments = await sweep(deps)
  await inFence(deps, (q) => condemnOrphanedPacks(q))
  await failpoint('collect.after-condemn')
  const trashed = await trashCondemned(deps)
  const freedBytes = await emptyTrash(deps, times.trashMs)
  return {
    removedPoints,
    removedVersions,
    removedSegments,
    removedPacks: trashed.packs,
    trashedBytes: trashed.bytes,
    freedBytes,
  }
}

const VERSIONS_AT_ONCE = 100

async function removeUnkeptVersions(deps: CollectDeps): Promise<number> {
  let removed = 0
  let after = 0
  for (;;) {
    const versions = await listUnkeptVersions(deps.database, after, VERSIONS_AT_ONCE)
    for (const { id } of versions) {
      after = id
      if (await removeIfFree(deps, id)) removed++
      await failpoint('collect.after-delete-point')
    }
    if (versions.length < VERSIONS_AT_ONCE) return removed
  }
}

/** False when somebody began to read or to keep it just now: a later collection sees to it. */
async function removeIfFree(deps: CollectDeps, version: number): Promise<boolean> {
  try {
    await inFence(deps, (q) => removeVersion(q, version, 'no point keeps it'))
    return true
  } catch (error) {
    if (isHeld(error)) return false
    throw error
  }
}

async function forgetTransfers(deps: CollectDeps, forgottenMs: number): Promise<void> {
  const touchedBefore = new Date(deps.clock.now() - forgottenMs)
  for (;;) {
    const count = await inFence(deps, async (q) => {
      const transfers = await lockForgottenTransfers(q, touchedBefore)
      for (const { id } of transfers) await abandonTransfer(q, id)
      return transfers.length
    })
    if (count === 0) return
    deps.log.info('transfers that nobody took up again were given up', { count })
  }
}

async function sweep(deps: CollectDeps): Promise<number> {
  let removed = 0
  let after: number | undefined = 0
  while (after !== undefined) {
    const from: number = after
    const batch = await inFence(deps, (q) => sweepBatch(q, from))
    removed += batch.removedSegments
    after = batch.last
    await failpoint('collect.after-sweep')
  }
  return removed
}

/** One batch: refused once another run has taken this job over. */
async function inFence<T>(
  deps: CollectDeps,
  work: Parameters<typeof deps.database.tx<T>>[0],
): Promise<T> {
  deps.signal.throwIfAborted()
  return deps.database.tx(
    async (q) => {
      await holdFence(q, deps.fence)
      return work(q)
    },
    { signal: deps.signal },
  )
}
