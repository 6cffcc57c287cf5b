import { DAMAGED_REPLICA, findUses } from './damage.ts'
import type { Queryable } from './database.ts'

/** Chunks of a pack that an earlier look found damaged. */
export async function damageInPack(q: Queryable, pack: number): Promise<number[]> {
  const rows = await q.query<{ chunk: number }>(
    `SELECT chunk FROM damage JOIN segment ON segment.id = damage.chunk >> 10
      WHERE segment.pack = $1`,
    [pack],
  )
  return rows.map((row) => row.chunk)
}

/**
 * The chunks are whole after all: their disk failed to read, or the pack was brought back. Points
 * that name no other damage are again what they were; gives their ids.
 */
export async function unmarkDamage(q: Queryable, chunks: readonly number[]): Promise<string[]> {
  const uses = await findUses(q, chunks)
  await q.query(`DELETE FROM damage WHERE chunk = ANY($1::int8[])`, [chunks])
  return settleWhole(
    q,
    uses.map((use) => use.version),
  )
}

/**
 * Points of these versions that name no damage any more are again what they were, and replicas of
 * which such a version is the newest are ok; gives the points' ids.
 */
export async function settleWhole(q: Queryable, versions: readonly number[]): Promise<string[]> {
  const left = await q.query<{ chunk: number }>(
    `SELECT chunk FROM damage
      WHERE NOT EXISTS (SELECT FROM healed_chunk h WHERE h.chunk = damage.chunk)`,
  )
  const still = await findUses(
    q,
    left.map((row) => row.chunk),
  )
  const bad = new Set(still.map((use) => use.version))
  const whole = [...new Set(versions)].filter((id) => !bad.has(id))
  await settleReplicas(q, whole)
  const rows = await q.query<{ id: string }>(
    `UPDATE recovery_point point
        SET state = coalesce(nullif(state_before, 'damaged'), CASE WHEN EXISTS (
              SELECT FROM version_disk vd WHERE vd.version = point.version AND vd.unreadable <> '{}')
              THEN 'partial' ELSE 'ready' END), state_before = NULL
      WHERE version = ANY($1::int8[]) AND state = 'damaged' RETURNING id`,
    [whole],
  )
  return rows.map((row) => row.id)
}

async function settleReplicas(q: Queryable, whole: readonly number[]): Promise<void> {
  await q.query(
    `UPDATE data_source SET replica_state = 'ok', replica_reason = NULL
      WHERE replica_state = 'inconsistent' AND replica_reason = $2
        AND id IN (SELECT data_source FROM version newest WHERE newest.id = ANY($1::int8[])
                      AND NOT EXISTS (SELECT FROM version later WHERE later.data_source = newest.data_source
                                         AND later.id > newest.id AND later.state = 'committed'))`,
    [whole, DAMAGED_REPLICA],
  )
}
