import type { UsedBytes } from '../../core/model/forecast.ts'
import type { Queryable } from './database.ts'

/** The last of a day stays. */
export async function noteUsage(
  q: Queryable,
  volume: string,
  usedBytes: number,
  now: Date,
): Promise<void> {
  await q.query(
    `INSERT INTO volume_usage (volume, day, used_bytes) VALUES ($1, ($2::timestamptz AT TIME ZONE 'UTC')::date, $3)
     ON CONFLICT (volume, day) DO UPDATE SET used_bytes = $3 WHERE volume_usage.used_bytes <> $3`,
    [volume, now, usedBytes],
  )
}

/** Of the days since, the oldest first. */
export async function readUsage(q: Queryable, volume: string, since: Date): Promise<UsedBytes[]> {
  return q.query(
    `SELECT (extract(epoch FROM day) * 1000)::float8 AS at, used_bytes AS "usedBytes"
       FROM volume_usage WHERE volume = $1 AND day >= $2::timestamptz::date ORDER BY day`,
    [volume, since],
  )
}

export async function forgetUsage(q: Queryable, before: Date): Promise<void> {
  await q.query(`DELETE FROM volume_usage WHERE day < $1::timestamptz::date`, [before])
}
