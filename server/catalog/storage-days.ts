import type { UsedBytes } from '../../core/model/forecast.ts'
import type { Queryable } from './database.ts'
import { readPointTally } from './point-tally.ts'
import { readStorageFigures } from './storage.ts'

/** How full the store was at the end of a day, or is today. Bytes. */
export interface StorageDay {
  /** YYYY-MM-DD, UTC. */
  readonly day: string
  readonly storedBytes: number
  /** What all points would take as plain copies. */
  readonly logicalBytes: number
  /** What is stored, uncompressed; null where disks have chunks of different sizes. */
  readonly plainBytes: number | null
  readonly reclaimableBytes: number
  /** Of the stored bytes, read and compared within 30 days. */
  readonly verifiedBytes: number
  readonly points: number
  /** Of all writable volumes. */
  readonly totalBytes: number
  readonly freeBytes: number
}

export interface Space {
  readonly totalBytes: number
  readonly freeBytes: number
}

const NOTED_EVERY_MINUTES = 60

/** Whether the figures of today are missing, or older than an hour. */
export async function isStorageDue(q: Queryable, now: Date): Promise<boolean> {
  const rows = await q.query(
    `SELECT 1 FROM storage_day
      WHERE day = ($1::timestamptz AT TIME ZONE 'UTC')::date
        AND noted_at > $1::timestamptz - make_interval(mins => $2) AND noted_at <= $1`,
    [now, NOTED_EVERY_MINUTES],
  )
  return rows.length === 0
}

/** How full the store is now. */
export async function readStorageNow(q: Queryable, space: Space, now: Date): Promise<StorageDay> {
  const { storedBytes, logicalBytes, reclaimableBytes } = await readStorageFigures(q)
  const { points } = await readPointTally(q)
  const [counted] = await q.query<Pick<StorageDay, 'plainBytes' | 'verifiedBytes'>>(
    `SELECT (${PLAIN}) AS "plainBytes", (${VERIFIED}) AS "verifiedBytes"`,
    [now],
  )
  return {
    day: now.toISOString().slice(0, 'YYYY-MM-DD'.length),
    ...{ storedBytes, logicalBytes, reclaimableBytes },
    ...(counted ?? { plainBytes: null, verifiedBytes: 0 }),
    ...{ points, totalBytes: space.totalBytes, freeBytes: space.freeBytes },
  }
}

/** The last of a day stays. */
export async function noteStorage(q: Queryable, space: Space, now: Date): Promise<void> {
  const of = await readStorageNow(q, space, now)
  await q.query(
    `INSERT INTO storage_day (noted_at, day, stored_bytes, logical_bytes, plain_bytes,
                              reclaimable_bytes, verified_bytes, points, total_bytes, free_bytes)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     ON CONFLICT (day) DO UPDATE
        SET noted_at = excluded.noted_at, stored_bytes = excluded.stored_bytes,
            logical_bytes = excluded.logical_bytes, plain_bytes = excluded.plain_bytes,
            reclaimable_bytes = excluded.reclaimable_bytes,
            verified_bytes = excluded.verified_bytes, points = excluded.points,
            total_bytes = excluded.total_bytes, free_bytes = excluded.free_bytes`,
    [
      ...[now, of.day, of.storedBytes, of.logicalBytes, of.plainBytes, of.reclaimableBytes],
      ...[of.verifiedBytes, of.points, of.totalBytes, of.freeBytes],
    ],
  )
}

// A disk's last chunk is shorter: this is a little too much.
const PLAIN = `SELECT (CASE WHEN count(DISTINCT d.chunk_bytes) = 1 THEN min(d.chunk_bytes)::int8 * (
    SELECT coalesce(sum(s.count - bit_count(coalesce(s.holes, B'')::bit varying)), 0)
      FROM segment s JOIN pack p ON p.id = s.pack WHERE p.state IN ('sealed', 'damaged')) END)::int8
  FROM disk d`

const VERIFIED = `SELECT coalesce(sum(bytes), 0)::int8 FROM pack
  WHERE state IN ('sealed', 'damaged') AND verified_at > $1::timestamptz - interval '30 days'`

/** Days that are over, the oldest first: as they ended. With today these are `days`. */
export function readPastStorageDays(q: Queryable, days: number, now: Date): Promise<StorageDay[]> {
  return q.query(
    `SELECT to_char(day, 'YYYY-MM-DD') AS day, stored_bytes AS "storedBytes",
            logical_bytes AS "logicalBytes", plain_bytes AS "plainBytes",
            reclaimable_bytes AS "reclaimableBytes", verified_bytes AS "verifiedBytes", points,
            total_bytes AS "totalBytes", free_bytes AS "freeBytes"
       FROM storage_day
      WHERE day > ($1::timestamptz AT TIME ZONE 'UTC')::date - $2::int
        AND day < ($1::timestamptz AT TIME ZONE 'UTC')::date
      ORDER BY day`,
    [now, days],
  )
}

/** What was stored when, for a forecast. */
export function storedSamples(days: readonly StorageDay[]): UsedBytes[] {
  return days.map(({ day, storedBytes }) => ({ at: Date.parse(day), usedBytes: storedBytes }))
}
