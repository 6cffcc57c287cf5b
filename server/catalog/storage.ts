import type { Queryable } from './database.ts'
import { readPointTally } from './point-tally.ts'
import { isoTime } from './time.ts'

/** What the catalog knows of the packs that are in use; cheap to ask for. */
export interface PackFigures {
  readonly storedBytes: number
  /** Null where something was never verified since it was written, or nothing is stored. */
  readonly oldestUnverifiedAt: string | null
  readonly packs: number
}

/** And what goes over all segments: of a fleet that takes a moment. */
export interface StorageFigures extends PackFigures {
  /** What all points would take as plain copies. */
  readonly logicalBytes: number
  /** An estimate: see `reclaimableBytes`. */
  readonly reclaimableBytes: number
}

export async function readPackFigures(q: Queryable): Promise<PackFigures> {
  const [packs] = await q.query<{ packs: number; bytes: number; oldest: Date | null }>(
    `SELECT count(*)::int AS packs, coalesce(sum(bytes), 0)::int8 AS bytes,
            min(coalesce(verified_at, created_at)) AS oldest
       FROM pack WHERE state IN ('sealed', 'damaged')`,
  )
  return {
    storedBytes: packs?.bytes ?? 0,
    oldestUnverifiedAt: isoTime(packs?.oldest ?? null),
    packs: packs?.packs ?? 0,
  }
}

export async function readStorageFigures(q: Queryable): Promise<StorageFigures> {
  return {
    ...(await readPackFigures(q)),
    logicalBytes: (await readPointTally(q)).sizeBytes,
    reclaimableBytes: await reclaimableBytes(q),
  }
}

/**
 * What collection and compaction would free: what the deletions of points that can still be undone
 * said, and of each pack the share of its chunks that suspects nobody names, swept segments or
 * compaction's holes have left. Packs count evenly: an estimate.
 */
async function reclaimableBytes(q: Queryable): Promise<number> {
  const [row] = await q.query<{ deleted: number; dead: number }>(
    `WITH dead AS (
       SELECT DISTINCT segment FROM suspect
        WHERE NOT EXISTS (SELECT FROM page WHERE page.segments @> ARRAY[suspect.segment])
          AND NOT EXISTS (SELECT FROM pin WHERE pin.segment = suspect.segment)),
     living AS (
       SELECT pack, sum(count - bit_count(coalesce(holes, B'')::bit varying)) FILTER (
                WHERE segment.id NOT IN (SELECT segment FROM dead)) AS chunks,
              sum(count) AS held
         FROM segment GROUP BY pack)
     SELECT (SELECT coalesce(sum((summary->>'freedBytes')::int8), 0)
               FROM recovery_point WHERE state = 'deleted' AND version IS NOT NULL)::int8 AS deleted,
            (SELECT coalesce(sum(pack.bytes * (1 - coalesce(living.chunks, 0) / living.held)), 0)
               FROM pack JOIN living ON living.pack = pack.id
              WHERE pack.state IN ('sealed', 'damaged'))::int8 AS dead`,
  )
  return (row?.deleted ?? 0) + (row?.dead ?? 0)
}

/** Stored bytes alone: cheap to ask for. */
export async function readStoredBytes(q: Queryable): Promise<number> {
  const [row] = await q.query<{ bytes: number }>(
    `SELECT coalesce(sum(bytes), 0)::int8 AS bytes FROM pack WHERE state IN ('sealed', 'damaged')`,
  )
  return row?.bytes ?? 0
}
