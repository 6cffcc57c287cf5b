import { HoldfastError } from '../../core/model/error.ts'
import { failpoint } from '../../core/runtime/failpoint.ts'
import type { Random } from '../../core/runtime/random.ts'
import { holdFence } from '../catalog/fence.ts'
import { moveSegments } from '../catalog/move-segments.ts'
import {
  listPacksToCompact,
  readPackSegments,
  setLiveBytes,
  startLooking,
  suspectDead,
  type PackSegment,
  type PackToCompact,
} from '../catalog/compactable.ts'
import { readLiveness } from '../catalog/liveness.ts'
import { condemnPack, markPackSealed } from '../catalog/packs.ts'
import { condemnEmptyPacks } from '../catalog/sweep.ts'
import type { CollectDeps } from './collect.ts'
import { requireCurrentCatalog } from './collect/require-current-catalog.ts'
import { trashCondemned } from './collect/trash.ts'
import { storedBytes, type SegmentToCopy } from './compact/copy-segment.ts'
import { CompactedPack } from './compact/compacted-pack.ts'
import { recordDamage } from './record-damage.ts'

/**
 * Compaction: packs that are less than half live are written anew, the live part only, and their
 * segments keep their ids, so that no map changes.
 *
 *  1. Look at packs in which something may have died since the last look; the pages say what lives.
 *  2. Copy the live chunks of segment after segment into a new pack, announced like any other,
 *     each read, decompressed and held against the catalog's digest.
 *  3. Seal it; then one transaction moves the segments' places, after it has looked again, under
 *     locks, that all that lives was copied and nobody has pinned them.
 *  4. Old packs without segments are condemned and go to the trash, where a reader that still has the
 *     old place does not find them: it reads the segment's row again once.
 *
 * May be killed anywhere: until 3 has committed, the old places hold, and a collection condemns the
 * new pack.
 */
export interface CompactDeps extends CollectDeps {
  readonly random: Random
}

export interface Compacted {
  readonly movedSegments: number
  /** Packs that went to the trash, and their bytes. */
  readonly removedPacks: number
  readonly trashedBytes: number
  readonly rewrittenBytes: number
  readonly damagedChunks: number
}

const PACKS_AT_ONCE = 50

export async function compact(deps: CompactDeps): Promise<Compacted> {
  await requireCurrentCatalog(deps.database, deps.store)
  const run = new Compaction(deps)
  try {
    await compactAll(deps, run)
  } catch (error) {
    await run.abandon()
    throw error
  }
  const trashed = await trashCondemned(deps)
  return { ...run.done, removedPacks: trashed.packs, trashedBytes: trashed.bytes }
}

async function compactAll(deps: CompactDeps, run: Compaction): Promise<void> {
  let after = 0
  for (;;) {
    const packs = await listPacksToCompact(deps.database, after, PACKS_AT_ONCE)
    for (const pack of packs) {
      after = pack.id
      await run.compactIfMostlyDead(pack)
    }
    if (packs.length < PACKS_AT_ONCE) return run.finish()
  }
}

class Compaction {
  readonly done = { movedSegments: 0, rewrittenBytes: 0, damagedChunks: 0 }
  readonly #deps: CompactDeps
  #target: CompactedPack | undefined

  constructor(deps: CompactDeps) {
    this.#deps = deps
  }

  async compactIfMostlyDead(pack: PackToCompact): Promise<void> {
    this.#deps.signal.throwIfAborted()
    const segments = await this.#look(pack)
    const live = segments.reduce((sum, segment) => sum + storedBytes(segment), 0)
    await setLiveBytes(this.#deps.database, pack.id, live)
    if (live * 2 >= pack.bytes) return
    for (const segment of segments) if (!segment.pinned) await this.#copy(pack, segment)
  }

  /** The pack's segments with what is live of each; those of which nothing is become suspect. */
  async #look(pack: PackToCompact): Promise<SegmentToCopy[]> {
    const { database } = this.#deps
    await startLooking(database, pack.id)
    const rows = await readPackSegments(database, pack.id)
    const liveness = await readLiveness(database, rows)
    const segments = rows.map((row) => withLiveness(row, liveness.get(row.id)))
    const dead = segments.filter((segment) => !segment.pinned && !segment.live.includes(1))
    await suspectDead(
      database,
      dead.map((segment) => segment.id),
    )
    return segments.filter((segment) => !dead.includes(segment))
  }

  async #copy(pack: PackToCompact, segment: SegmentToCopy): Promise<void> {
    if (this.#target && !this.#target.hasRoomFor(segment)) await this.finish()
    this.#target ??= await CompactedPack.announce(this.#deps)
    const { damaged } = await this.#target.copy(pack, segment)
    if (damaged.length === 0) return
    this.done.damagedChunks += damaged.length
    await recordDamage(this.#deps.database, {
      chunks: damaged,
      foundBy: 'compaction',
      cause: `unlike its digest in pack ${pack.name}`,
    })
  }

  /** Seals the pack that is being filled and moves what was copied into it. */
  async finish(): Promise<void> {
    const target = this.#target
    if (!target) return
    await failpoint('compact.after-copy')
    const bytes = await target.seal()
    await failpoint('compact.after-sync')
    const moved = await this.#move(target, bytes)
    this.#target = undefined
    await failpoint('compact.after-move')
    this.done.movedSegments += moved
    if (moved > 0) this.done.rewrittenBytes += bytes
  }

  #move(target: CompactedPack, bytes: number): Promise<number> {
    return this.#deps.database.tx(async (q) => {
      await holdFence(q, this.#deps.fence)
      const moved = await moveSegments(q, target.id, target.copied)
      if (moved.size === 0) await condemnPack(q, target.id, 'nothing could move to it')
      else await markPackSealed(q, target.id, bytes)
      const left = new Set(target.copied.filter((s) => moved.has(s.id)).map((s) => s.fromPack))
      await condemnEmptyPacks(q, [...left], 'its live chunks were moved')
      return moved.size
    })
  }

  /** After an error. What is left behind is condemned, here or by the next collection. */
  async abandon(): Promise<void> {
    await this.#target?.abandon()
    this.#target = undefined
  }
}

function withLiveness(
  row: PackSegment,
  liveness: { live: Uint8Array; pinned: boolean } | undefined,
): SegmentToCopy {
  if (!liveness) throw new HoldfastError('internal', `segment ${row.id} was not looked at`)
  return { ...row, ...liveness }
}
