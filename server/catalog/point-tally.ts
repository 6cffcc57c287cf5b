import type { Queryable } from './database.ts'

/** SQL: how many points a data source has that are not deleted. */
export function pointsOf(dataSource: string): string {
  return `(SELECT coalesce(sum(t.points), 0)::int FROM point_tally t
            WHERE t.data_source = ${dataSource})`
}

export interface PointTally {
  readonly points: number
  /** What they would take as plain copies. */
  readonly sizeBytes: number
}

/** Of all data sources. */
export async function readPointTally(q: Queryable): Promise<PointTally> {
  const [tally] = await q.query<PointTally>(
    `SELECT coalesce(sum(points), 0)::int AS points,
            coalesce(sum(size_bytes), 0)::int8 AS "sizeBytes" FROM point_tally`,
  )
  return tally ?? { points: 0, sizeBytes: 0 }
}

/** Makes one row of those of a data source; what is added meanwhile stays beside it. */
export async function foldPointTally(q: Queryable): Promise<void> {
  await q.query(
    `WITH folded AS (DELETE FROM point_tally RETURNING *)
     INSERT INTO point_tally
     SELECT data_source, sum(points), sum(size_bytes) FROM folded GROUP BY data_source
     HAVING sum(points) <> 0 OR sum(size_bytes) <> 0`,
  )
}
