import { PAGE_CHUNKS } from '../../core/model/geometry.ts'
import type { Queryable } from './database.ts'

export interface PackToVerify {
  readonly id: number
  readonly name: string
  /** Uid. */
  readonly volume: string
  readonly bytes: number
}

const PACK_COLUMNS = `pack.id, pack.name, volume.uid AS volume, pack.bytes`

/** Every pack that holds something, the longest unverified first. */
export async function listSealedPacks(q: Queryable): Promise<PackToVerify[]> {
  return q.query(
    `SELECT ${PACK_COLUMNS} FROM pack JOIN volume ON volume.id = pack.volume
      WHERE pack.state IN ('sealed', 'damaged')
        AND EXISTS (SELECT FROM segment WHERE segment.pack = pack.id)
      ORDER BY pack.verified_at NULLS FIRST, pack.id`,
  )
}

/** Packs that the maps of these versions need, in the order in which they were written. */
export async function listPacksOfVersions(
  q: Queryable,
  versions: readonly number[],
): Promise<PackToVerify[]> {
  return q.query(
    `WITH named AS (
       SELECT DISTINCT unnest(p.segments) AS segment
         FROM version_disk vd JOIN disk ON disk.id = vd.disk
         CROSS JOIN generate_series(
           0, ((vd.size_bytes + disk.chunk_bytes - 1) / disk.chunk_bytes - 1) / $2) AS wanted(page)
         CROSS JOIN LATERAL (
           SELECT segments FROM page WHERE page.disk = vd.disk AND page.page = wanted.page
              AND page.version <= vd.version ORDER BY page.version DESC LIMIT 1) AS p
        WHERE vd.version = ANY($1::int8[]) AND vd.size_bytes > 0)
     SELECT DISTINCT ${PACK_COLUMNS}
       FROM named JOIN segment ON segment.id = named.segment JOIN pack ON pack.id = segment.pack
       JOIN volume ON volume.id = pack.volume
      ORDER BY pack.id`,
    [versions, PAGE_CHUNKS],
  )
}

export interface SegmentInPack {
  readonly id: number
  readonly baseOffset: number
  readonly count: number
  readonly digests: Buffer
  readonly lengths: Buffer
}

export async function readSegmentsOfPack(q: Queryable, pack: number): Promise<SegmentInPack[]> {
  return q.query(
    `SELECT id, base_offset AS "baseOffset", count, digests, lengths FROM segment
      WHERE pack = $1 ORDER BY base_offset`,
    [pack],
  )
}

/** Chunks of `chunks` that the pack still has to hold: compaction may have moved or dropped them. */
export async function stillInPack(
  q: Queryable,
  pack: number,
  chunks: readonly number[],
): Promise<number[]> {
  const rows = await q.query<{ chunk: number }>(
    `SELECT chunk FROM unnest($2::int8[]) AS chunk JOIN segment ON segment.id = chunk >> 10
      WHERE segment.pack = $1
        AND coalesce(get_bit(segment.holes, (chunk & 1023)::int), 0) = 0`,
    [pack, chunks],
  )
  return rows.map((row) => row.chunk)
}

export async function markPackVerified(q: Queryable, pack: number): Promise<void> {
  await q.query(`UPDATE pack SET verified_at = now() WHERE id = $1`, [pack])
}

export interface VerifiablePoint {
  readonly id: string
  readonly version: number
}

/** Points that can be read; `ids` null: all. */
export async function listVerifiablePoints(
  q: Queryable,
  ids: readonly string[] | null,
): Promise<VerifiablePoint[]> {
  return q.query(
    `SELECT id, version FROM recovery_point
      WHERE version IS NOT NULL AND state <> 'deleted' AND ($1::text[] IS NULL OR id = ANY($1))`,
    [ids],
  )
}

/** All that these points need was found whole; those found damaged meanwhile are left out. */
export async function markPointsVerified(q: Queryable, points: readonly string[]): Promise<void> {
  await q.query(
    `UPDATE recovery_point SET verified_at = now()
      WHERE id = ANY($1::text[]) AND state NOT IN ('deleted', 'damaged')`,
    [points],
  )
}

export interface NamedUse {
  readonly point: string
  /** HOST/NAME. */
  readonly source: string
  readonly disk: string
  readonly chunkBytes: number
  readonly sizeBytes: number
  readonly version: number
  readonly diskId: number
}

/** Points of versions with the disks they have, in words for people. */
export async function nameUses(q: Queryable, versions: readonly number[]): Promise<NamedUse[]> {
  return q.query(
    `SELECT point.id AS point, host.name || '/' || source.name AS source, disk.name AS disk,
            disk.chunk_bytes AS "chunkBytes", vd.size_bytes AS "sizeBytes", vd.version,
            disk.id AS "diskId"
       FROM recovery_point point
       JOIN version_disk vd ON vd.version = point.version
       JOIN disk ON disk.id = vd.disk
       JOIN data_source source ON source.id = point.data_source
       JOIN host ON host.id = source.host
      WHERE point.version = ANY($1::int8[]) AND point.state <> 'deleted'
      ORDER BY point.created_at, point.id, vd.ordinal`,
    [versions],
  )
}
