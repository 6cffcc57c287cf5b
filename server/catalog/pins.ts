import type { Queryable } from './database.ts'

/**
 * Pins segments for a transfer. The lock makes a collector that judges at this moment see the pin;
 * what was swept already is not pinned. Read the segments again, in a new statement, afterwards.
 */
export async function pinSegments(
  q: Queryable,
  transfer: string,
  segments: readonly number[],
): Promise<void> {
  await q.query(
    `WITH present AS MATERIALIZED (
       SELECT id FROM segment WHERE id = ANY($2::int8[]) ORDER BY id FOR KEY SHARE)
     INSERT INTO pin (segment, transfer) SELECT id, $1 FROM present ON CONFLICT DO NOTHING`,
    [transfer, segments],
  )
}

/** Drops a transfer's pins; what they covered becomes suspect, for the sweep to decide. */
export async function dropPins(q: Queryable, transfer: string): Promise<void> {
  await q.query(
    `WITH dropped AS (DELETE FROM pin WHERE transfer = $1 RETURNING segment)
     INSERT INTO suspect (segment) SELECT DISTINCT segment FROM dropped`,
    [transfer],
  )
}
