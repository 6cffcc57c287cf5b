import { failpoint } from '../../../core/runtime/failpoint.ts'
import { listCondemnedPacks, markGone, markTrashed } from '../../catalog/collectable.ts'
import type { CollectDeps } from '../collect.ts'

type TrashDeps = Pick<CollectDeps, 'database' | 'store' | 'clock' | 'signal'>

const PACKS_AT_ONCE = 100

/**
 * Condemned packs into the trash. Needs no fence: it acts only on rows that never come back, and
 * moving what was moved already is no error.
 */
export async function trashCondemned(deps: TrashDeps): Promise<{ packs: number; bytes: number }> {
  const moved = { packs: 0, bytes: 0 }
  let after = 0
  for (;;) {
    const packs = await listCondemnedPacks(deps.database, after, PACKS_AT_ONCE)
    for (const { id, name, volume, bytes } of packs) {
      deps.signal.throwIfAborted()
      await deps.store.moveToTrash({ name, volume })
      await failpoint('collect.after-trash')
      await markTrashed(deps.database, id, new Date(deps.clock.now()))
      moved.packs++
      moved.bytes += bytes
      after = id
    }
    if (packs.length < PACKS_AT_ONCE) return moved
  }
}

/** Unlinks what has rested long enough; gives the bytes that are free again. */
export async function emptyTrash(deps: TrashDeps, trashMs: number): Promise<number> {
  const { bytes } = await deps.store.emptyTrash(trashMs)
  await markGone(deps.database, new Date(deps.clock.now() - trashMs))
  return bytes
}
