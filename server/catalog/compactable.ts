import type { SegmentId } from '../../core/model/chunk-id.ts'
import type { Queryable } from './database.ts'

export interface PackToCompact {
  readonly id: number
  readonly name: string
  /** Volume uid. */
  readonly volume: string
  readonly bytes: number
}

/** Sealed packs in which something may have died since the last look, or that are mostly dead. */
export async function listPacksToCompact(
  q: Queryable,
  after: number,
  limit: number,
): Promise<PackToCompact[]> {
  return q.query(
    `SELECT pack.id, pack.name, volume.uid AS volume, pack.bytes
       FROM pack JOIN volume ON volume.id = pack.volume
      WHERE pack.state = 'sealed' AND (pack.look OR pack.live_bytes * 2 < pack.bytes)
        AND volume.state = 'writable' AND pack.id > $1
      ORDER BY pack.id LIMIT $2`,
    [after, limit],
  )
}

/**
 * Before it looks: what dies from here on asks for another look. Until the answer is known the pack
 * counts as dead, so that a look that is cut short is begun again.
 */
export async function startLooking(q: Queryable, pack: number): Promise<void> {
  await q.query(`UPDATE pack SET look = false, live_bytes = 0 WHERE id = $1`, [pack])
}

export async function setLiveBytes(q: Queryable, pack: number, bytes: number): Promise<void> {
  await q.query(`UPDATE pack SET live_bytes = $2 WHERE id = $1`, [pack, bytes])
}

export interface PackSegment {
  readonly id: SegmentId
  readonly baseOffset: number
  readonly count: number
  readonly digests: Buffer
  readonly lengths: Buffer
}

export async function readPackSegments(q: Queryable, pack: number): Promise<PackSegment[]> {
  return q.query(
    `SELECT id, base_offset AS "baseOffset", count, digests, lengths
       FROM segment WHERE pack = $1 ORDER BY base_offset`,
    [pack],
  )
}

/** Nothing seems to name them: the sweep decides. */
export async function suspectDead(q: Queryable, segments: readonly SegmentId[]): Promise<void> {
  await q.query(`INSERT INTO suspect (segment) SELECT unnest($1::int8[])`, [segments])
}
