import type { SegmentId } from '../../core/model/chunk-id.ts'
import type { Queryable } from './database.ts'

/** Which chunks of a segment the pages of any version name. */
export interface LiveSegment {
  /** One byte a position, 1: live. Positions beyond are dead. */
  readonly live: Uint8Array
  /** A transfer may come to name any of its chunks. */
  readonly pinned: boolean
}

/** Looks in all pages of all versions. Pins are read in the same statement's snapshot. */
export async function readLiveness(
  q: Queryable,
  segments: readonly { id: SegmentId; count: number }[],
): Promise<Map<SegmentId, LiveSegment>> {
  const rows = await q.query<{ segment: SegmentId; position: number; length: number }>(
    `SELECT DISTINCT wanted.id AS segment, ((code >> 11) & 1023)::int AS position,
            (code & 2047)::int AS length
       FROM unnest($1::int8[]) AS wanted(id)
       JOIN page ON page.segments @> ARRAY[wanted.id]
       CROSS JOIN LATERAL unnest(page.runs) AS code
      WHERE code >> 21 = wanted.id
     UNION ALL
     SELECT DISTINCT segment, -1, 0 FROM pin WHERE segment = ANY($1::int8[])`,
    [segments.map((segment) => segment.id)],
  )
  const found = new Map(
    segments.map(({ id, count }) => [id, { live: new Uint8Array(count), pinned: false }]),
  )
  for (const { segment, position, length } of rows) {
    const entry = found.get(segment)
    if (!entry) continue
    if (position < 0) entry.pinned = true
    else entry.live.fill(1, position, position + length)
  }
  return found
}
