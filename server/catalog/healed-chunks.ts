import { segmentOf, type ChunkId } from '../../core/model/chunk-id.ts'
import {
  compressPage,
  decodeRun,
  encodeRun,
  expandPage,
  pageSegments,
} from '../../core/model/map-page.ts'
import { parseNumbers } from './array-text.ts'
import type { Queryable } from './database.ts'

/** Damaged chunk → an equal chunk that is whole. */
export type HealedChunks = ReadonlyMap<ChunkId, ChunkId>

/** Pages of so many segments are rewritten by one statement. */
const SEGMENTS_AT_ONCE = 16

/** Damaged chunks that pages still name, with what they must hash to. */
export async function listUnhealed(
  q: Queryable,
  limit: number,
): Promise<{ chunk: ChunkId; digest: Buffer }[]> {
  return q.query(
    `SELECT chunk, substring(digests FROM ((chunk & 1023)::int * 32 + 1) FOR 32) AS digest
       FROM damage JOIN segment ON segment.id = chunk >> 10
      WHERE NOT EXISTS (SELECT FROM healed_chunk h WHERE h.chunk = damage.chunk)
      ORDER BY chunk LIMIT $1`,
    [limit],
  )
}

const LOCK = 7_400_000_005 // any number, the same in every release

/**
 * One commit heals at a time: taken before it locks any segment, else two that heal the same chunk
 * would wait for each other.
 */
export async function lockHealing(q: Queryable): Promise<void> {
  await q.query(`SELECT pg_advisory_xact_lock($1)`, [LOCK])
}

/** What a version's own pages name although it was healed while the transfer ran. */
export async function healedMeanwhile(q: Queryable, version: number): Promise<HealedChunks> {
  const rows = await q.query<{ chunk: number; by: number }>(
    `WITH stale AS MATERIALIZED (
       SELECT DISTINCT h.chunk, h.healed_by AS by
         FROM version_disk vd JOIN page ON page.disk = vd.disk AND page.version = vd.version
         JOIN healed_chunk h ON page.segments @> ARRAY[h.chunk >> 10]
         CROSS JOIN LATERAL unnest(page.runs) AS code
        WHERE vd.version = $1 AND code >> 11 <> 0
          AND h.chunk >= code >> 11 AND h.chunk < (code >> 11) + (code & 2047))
     SELECT chunk, by FROM stale JOIN segment ON segment.id = by >> 10
      ORDER BY segment.id FOR KEY SHARE OF segment`,
    [version],
  )
  return new Map(rows.map((row) => [row.chunk, row.by]))
}

/** Segments that a transfer may name: what it brought, and what it found here. */
export async function pinnedSegments(q: Queryable, transfer: string): Promise<number[]> {
  const rows = await q.query<{ segment: number }>(
    `SELECT segment FROM pin WHERE transfer = $1 ORDER BY segment`,
    [transfer],
  )
  return rows.map((row) => row.segment)
}

export async function readHealed(q: Queryable): Promise<HealedChunks> {
  const rows = await q.query<{ chunk: number; by: number }>(
    `SELECT h.chunk, h.healed_by AS by FROM healed_chunk h
      WHERE EXISTS (SELECT FROM segment WHERE segment.id = h.healed_by >> 10)`,
  )
  return new Map(rows.map((row) => [row.chunk, row.by]))
}

/** A rebuilt catalog knows of no damage yet: what was healed must not be found again by its digest. */
export async function setHealedAside(q: Queryable): Promise<void> {
  await q.query(
    `INSERT INTO damage (chunk, found_by, cause)
     SELECT chunk, 'rebuild', 'it was healed by chunk ' || healed_by FROM healed_chunk
     ON CONFLICT (chunk) DO NOTHING`,
  )
}

/** Also what was healed before by a chunk that is damaged now has the new one. */
export async function noteHealed(q: Queryable, healed: HealedChunks): Promise<void> {
  const values = [[...healed.keys()], [...healed.values()]]
  await q.query(
    `UPDATE healed_chunk SET healed_by = new.by
       FROM unnest($1::int8[], $2::int8[]) AS new(chunk, by) WHERE healed_by = new.chunk`,
    values,
  )
  await q.query(
    `INSERT INTO healed_chunk (chunk, healed_by) SELECT * FROM unnest($1::int8[], $2::int8[])
     ON CONFLICT (chunk) DO UPDATE SET healed_by = excluded.healed_by`,
    values,
  )
}

/**
 * Every page of every version that names one of these chunks names the equal one instead. Digests of
 * pages stay: they are over the contents. Segments that were named become suspects of the sweep. The
 * caller keeps the new chunks' segments from being collected until this is committed.
 */
export async function renamePages(q: Queryable, healed: HealedChunks): Promise<void> {
  const segments = [...new Set([...healed.keys()].map(segmentOf))]
  // A commit that names one of them holds its row: from here on its pages are seen, or it sees these.
  await q.query(`SELECT 1 FROM segment WHERE id = ANY($1::int8[]) ORDER BY id FOR UPDATE`, [
    segments,
  ])
  for (let at = 0; at < segments.length; at += SEGMENTS_AT_ONCE)
    await renameIn(q, segments.slice(at, at + SEGMENTS_AT_ONCE), healed)
  await q.query(`INSERT INTO suspect (segment) SELECT unnest($1::int8[])`, [segments])
}

async function renameIn(
  q: Queryable,
  segments: readonly number[],
  healed: HealedChunks,
): Promise<void> {
  const rows = await q.query<{ disk: number; page: number; version: number; runs: string }>(
    `SELECT disk, page, version, runs::text AS runs FROM page WHERE segments && $1::int8[]
      ORDER BY disk, page, version FOR UPDATE`,
    [segments],
  )
  const renamed = rows.flatMap((row) => {
    const ids = expandPage(parseNumbers(row.runs).map(decodeRun))
    if (!ids.some((id) => healed.has(id))) return []
    const runs = compressPage(ids.map((id) => healed.get(id) ?? id))
    return [{ ...row, runs: runs.map(encodeRun), segments: pageSegments(runs) }]
  })
  await q.query(
    `UPDATE page SET runs = new.runs::int8[], segments = new.segments::int8[]
       FROM unnest($1::int[], $2::int[], $3::int8[], $4::text[], $5::text[])
         AS new (disk, page, version, runs, segments)
      WHERE page.disk = new.disk AND page.page = new.page AND page.version = new.version`,
    [
      renamed.map((row) => row.disk),
      renamed.map((row) => row.page),
      renamed.map((row) => row.version),
      renamed.map((row) => `{${row.runs.join(',')}}`),
      renamed.map((row) => `{${row.segments.join(',')}}`),
    ],
  )
}

/** Packs of these chunks in which nothing is damaged any more that something names; their names. */
export async function packsWithoutDamage(
  q: Queryable,
  chunks: readonly ChunkId[],
): Promise<string[]> {
  const rows = await q.query<{ name: string }>(
    `SELECT DISTINCT pack.name FROM unnest($1::int8[]) AS healed(chunk)
       JOIN segment ON segment.id = healed.chunk >> 10 JOIN pack ON pack.id = segment.pack
      WHERE NOT EXISTS (
        SELECT FROM damage JOIN segment other ON other.id = damage.chunk >> 10
         WHERE other.pack = pack.id
           AND NOT EXISTS (SELECT FROM healed_chunk h WHERE h.chunk = damage.chunk))`,
    [chunks],
  )
  return rows.map((row) => row.name)
}
