import type { Queryable } from './database.ts'

/** How much of what is stored was read again, and what of the points is proven. */
export interface ReportedVerification {
  readonly storedBytes: number
  /** Read and compared within 30 days. */
  readonly verifiedBytes: number
  /** Since when something was not read; null: nothing is stored. */
  readonly oldestAt: Date | null
  readonly damagedChunks: number
  readonly points: number
  /** All of it, once at least. */
  readonly pointsVerified: number
  /** By a restore. */
  readonly pointsProven: number
}

/** As things are at `now`. */
export async function reportedVerification(q: Queryable, now: Date): Promise<ReportedVerification> {
  const [row] = await q.query<ReportedVerification>(
    `SELECT packs.*, points.*,
            (SELECT count(*)::int FROM damage d
              WHERE NOT EXISTS (SELECT FROM healed_chunk c WHERE c.chunk = d.chunk)) AS "damagedChunks"
       FROM (SELECT coalesce(sum(bytes), 0)::int8 AS "storedBytes",
                    coalesce(sum(bytes) FILTER (
                      WHERE verified_at > $1::timestamptz - interval '30 days'), 0)::int8
                      AS "verifiedBytes",
                    min(coalesce(verified_at, created_at)) AS "oldestAt"
               FROM pack WHERE state IN ('sealed', 'damaged')) AS packs,
            (SELECT count(*)::int AS points, count(verified_at)::int AS "pointsVerified",
                    count(proven_at)::int AS "pointsProven"
               FROM recovery_point WHERE state <> 'deleted') AS points`,
    [now],
  )
  if (!row) throw new Error('a query of totals has a row')
  return row
}
