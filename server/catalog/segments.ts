import type { Queryable } from './database.ts'

/** Where 1,024 chunks lie, and what they are. */
export interface SegmentRow {
  readonly id: number
  readonly packName: string
  readonly volume: string
  readonly packState: string
  readonly baseOffset: number
  readonly count: number
  readonly digests: Buffer
  readonly lengths: Buffer
}

export async function readSegments(q: Queryable, ids: readonly number[]): Promise<SegmentRow[]> {
  if (ids.length === 0) return []
  return q.query(
    `SELECT segment.id, pack.name AS "packName", volume.uid AS volume, pack.state AS "packState",
            base_offset AS "baseOffset", count, digests, lengths
       FROM segment JOIN pack ON pack.id = segment.pack JOIN volume ON volume.id = pack.volume
      WHERE segment.id = ANY($1::int8[])`,
    [ids],
  )
}

/** A segment whose records are synced in a sealed pack and whose row is about to be written. */
export interface NewSegment {
  readonly id: number
  readonly baseOffset: number
  readonly count: number
  readonly digests: Buffer
  readonly lengths: Buffer
}

export async function insertSegments(
  q: Queryable,
  pack: number,
  segments: readonly NewSegment[],
): Promise<void> {
  await q.query(
    `INSERT INTO segment (id, pack, base_offset, count, digests, lengths)
     SELECT id, $1, base_offset, count, digests, lengths
       FROM unnest($2::int8[], $3::int[], $4::smallint[], $5::bytea[], $6::bytea[])
         AS new (id, base_offset, count, digests, lengths)`,
    [
      pack,
      segments.map((s) => s.id),
      segments.map((s) => s.baseOffset),
      segments.map((s) => s.count),
      segments.map((s) => s.digests),
      segments.map((s) => s.lengths),
    ],
  )
}

/** Ids of chunks among `segments` that were found unlike their digest. */
export async function readDamage(q: Queryable, segments: readonly number[]): Promise<number[]> {
  if (segments.length === 0) return []
  const rows = await q.query<{ chunk: number }>(
    `SELECT chunk FROM damage WHERE chunk >> 10 = ANY($1::int8[])`,
    [segments],
  )
  return rows.map((row) => row.chunk)
}
