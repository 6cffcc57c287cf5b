import { chunkId, type ChunkId } from '../../core/model/chunk-id.ts'
import { DIGEST_BYTES } from '../../core/model/digest.ts'
import { resolveAlert } from '../catalog/alerts.ts'
import { findUses } from '../catalog/damage.ts'
import type { Queryable } from '../catalog/database.ts'
import { recordEvent } from '../catalog/events.ts'
import {
  healedMeanwhile,
  listUnhealed,
  lockHealing,
  noteHealed,
  packsWithoutDamage,
  pinnedSegments,
  renamePages,
} from '../catalog/healed-chunks.ts'
import { settleWhole } from '../catalog/healed.ts'
import { SegmentCache } from './segment-cache.ts'

export const DAMAGE_ALERT = 'stored-data-damaged'

/** One commit heals so many at most, some 8 GiB of disk; their digests are in memory meanwhile. */
const HEALED_AT_ONCE = 65_536
const SEGMENTS_AT_ONCE = 64

type Unhealed = readonly { chunk: ChunkId; digest: Buffer }[]

/** Before the committing transaction locks anything: is there damage that it could heal? */
export async function damageToHeal(q: Queryable): Promise<Unhealed> {
  const unhealed = await listUnhealed(q, HEALED_AT_ONCE)
  if (unhealed.length === 0) return []
  await lockHealing(q)
  return listUnhealed(q, HEALED_AT_ONCE)
}

/**
 * What a transfer brought may be what was found damaged. Then every version that named the damaged
 * chunk, of whatever data source, names the whole one from here on, and its point is as good as it
 * was. Inside the committing transaction, while the transfer's pins still hold the new chunks.
 */
export async function healDamage(
  q: Queryable,
  unhealed: Unhealed,
  { transfer, version, job }: { transfer: string; version: number; job: string },
): Promise<void> {
  const stale = await healedMeanwhile(q, version)
  if (stale.size > 0) await renamePages(q, stale)
  const healed = unhealed.length === 0 ? NOTHING : await findEqual(q, transfer, unhealed)
  if (healed.size === 0) return
  const chunks = [...healed.keys()]
  const versions = (await findUses(q, chunks)).map((use) => use.version)
  await renamePages(q, healed)
  await noteHealed(q, healed)
  for (const point of await settleWhole(q, versions))
    await recordEvent(q, {
      kind: 'point-healed',
      about: point,
      message: `${job} brought what was found damaged`,
    })
  for (const pack of await packsWithoutDamage(q, chunks)) await resolveAlert(q, DAMAGE_ALERT, pack)
}

const NOTHING: ReadonlyMap<ChunkId, ChunkId> = new Map()

async function findEqual(
  q: Queryable,
  transfer: string,
  unhealed: Unhealed,
): Promise<Map<ChunkId, ChunkId>> {
  const wanted = new Map<string, ChunkId[]>()
  for (const { chunk, digest } of unhealed) {
    const key = keyOf(digest, 0)
    wanted.set(key, [...(wanted.get(key) ?? []), chunk])
  }
  const healed = new Map<ChunkId, ChunkId>()
  const pinned = await pinnedSegments(q, transfer)
  for (let at = 0; at < pinned.length; at += SEGMENTS_AT_ONCE) {
    const segments = new SegmentCache(q, () => SEGMENTS_AT_ONCE)
    const ids = pinned.slice(at, at + SEGMENTS_AT_ONCE)
    await segments.load(ids)
    for (const id of ids)
      for (let position = 0; position < (segments.get(id)?.count ?? 0); position++) {
        const whole = chunkId(id, position)
        const digest = segments.digestOf(whole) // undefined for what is damaged itself
        if (!digest) continue
        for (const chunk of wanted.get(keyOf(digest, 0)) ?? []) healed.set(chunk, whole)
      }
  }
  return healed
}

function keyOf(digest: Buffer, at: number): string {
  return digest.toString('latin1', at, at + DIGEST_BYTES)
}
