import { findUses } from './damage.ts'
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
  const left = await q.query<{ chunk: number }>(`SELECT chunk FROM damage`)
  const still = await findUses(
    q,
    left.map((row) => row.chunk),
  )
  const bad = new Set(still.map((use) => use.version))
  const whole = [...new Set(uses.map((use) => use.version))].filter((id) => !bad.has(id))
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
