import { positionOf, segmentOf, ZERO_CHUNK, type SegmentId } from '../../core/model/chunk-id.ts'
import { PAGE_CHUNKS } from '../../core/model/geometry.ts'
import { decodeRun } from '../../core/model/map-page.ts'
import { parseNumbers } from './array-text.ts'
import type { Queryable } from './database.ts'

/**
 * Stored bytes that go when a version goes: those of chunks that only its own pages name. Versions
 * whose points are deleted already count as gone, the newest of a data source never does: it is the
 * replica. An answer for people; collection decides by its own locks.
 */
export async function freedBytes(q: Queryable, version: number): Promise<number> {
  const pages = await ownPages(q, version)
  const chunks = new ChunkSet()
  for (const page of pages) chunks.addRuns(page.runs)
  const own = new Set(pages.map(keyOf))
  const segments = chunks.segments()
  let bytes = 0
  // Bounded memory: one segment may be named by thousands of pages.
  for (let at = 0; at < segments.length; at += SEGMENTS_AT_ONCE) {
    const batch = segments.slice(at, at + SEGMENTS_AT_ONCE)
    for (const page of await pagesNaming(q, batch))
      if (!own.has(keyOf(page))) chunks.removeRuns(page.runs)
    bytes += await storedBytesOf(q, batch, chunks)
  }
  return bytes
}

const SEGMENTS_AT_ONCE = 64

interface NamingPage {
  readonly disk: number
  readonly page: number
  readonly version: number
  readonly runs: readonly number[]
}

type PageRow = Omit<NamingPage, 'runs'> & { readonly runs: string }

function keyOf({ disk, page, version }: NamingPage): string {
  return `${disk}/${page}/${version}`
}

/** Pages that this version reads and no other that stays does. */
async function ownPages(q: Queryable, version: number): Promise<NamingPage[]> {
  const rows = await q.query<PageRow>(
    `WITH own AS (
       SELECT vd.disk, coalesce(before.version, 0) AS before, after.version AS after,
              after.pages AS "afterPages"
         FROM version_disk vd JOIN disk d ON d.id = vd.disk
         LEFT JOIN LATERAL (SELECT o.version FROM version_disk o
            WHERE o.disk = vd.disk AND o.version < vd.version AND ${STAYS}
            ORDER BY o.version DESC LIMIT 1) AS before ON true
         LEFT JOIN LATERAL (SELECT o.version,
              (o.size_bytes + d.chunk_bytes::int8 * ${PAGE_CHUNKS} - 1) / (d.chunk_bytes::int8 * ${PAGE_CHUNKS}) AS pages
              FROM version_disk o
            WHERE o.disk = vd.disk AND o.version > vd.version AND ${STAYS}
            ORDER BY o.version LIMIT 1) AS after ON true
        WHERE vd.version = $1
          AND EXISTS (SELECT FROM version newer JOIN version this ON this.id = $1
                       WHERE newer.data_source = this.data_source AND newer.id > $1
                         AND newer.state = 'committed'))
     SELECT p.disk, p.page, p.version, p.runs::text AS runs
       FROM own JOIN page p ON p.disk = own.disk AND p.version > own.before AND p.version <= $1
      WHERE NOT EXISTS (SELECT FROM page w WHERE w.disk = p.disk AND w.page = p.page
                           AND w.version > p.version AND w.version <= $1)
        AND (own.after IS NULL OR p.page >= own."afterPages"
          OR EXISTS (SELECT FROM page w WHERE w.disk = p.disk AND w.page = p.page
                        AND w.version > $1 AND w.version <= own.after))`,
    [version],
  )
  return rows.map((row) => ({ ...row, runs: parseNumbers(row.runs) }))
}

// A point keeps it, or it is the replica.
const STAYS = `(
  EXISTS (SELECT FROM recovery_point k WHERE k.version = o.version AND k.state <> 'deleted')
  OR NOT EXISTS (SELECT FROM version l JOIN version v ON v.id = o.version
                  WHERE l.data_source = v.data_source AND l.id > v.id AND l.state = 'committed'))`

async function pagesNaming(q: Queryable, segments: readonly SegmentId[]): Promise<NamingPage[]> {
  const rows = await q.query<PageRow>(
    `SELECT disk, page, version, runs::text AS runs FROM page WHERE segments && $1::int8[]`,
    [segments],
  )
  return rows.map((row) => ({ ...row, runs: parseNumbers(row.runs) }))
}

async function storedBytesOf(
  q: Queryable,
  segments: readonly SegmentId[],
  chunks: ChunkSet,
): Promise<number> {
  const rows = await q.query<{ id: number; lengths: Buffer }>(
    `SELECT id, lengths FROM segment WHERE id = ANY ($1::int8[])`,
    [segments],
  )
  let bytes = 0
  for (const { id, lengths } of rows)
    for (const position of chunks.positions(id))
      if (position * 4 + 4 <= lengths.length) bytes += lengths.readUInt32LE(position * 4) >>> 8
  return bytes
}

/** Chunk ids, a byte each: 1 KiB a segment. */
class ChunkSet {
  readonly #bySegment = new Map<SegmentId, Uint8Array>()

  addRuns(runs: readonly number[]): void {
    this.#mark(runs, 1)
  }

  removeRuns(runs: readonly number[]): void {
    this.#mark(runs, 0)
  }

  segments(): SegmentId[] {
    return [...this.#bySegment.keys()].sort((a, b) => a - b)
  }

  *positions(segment: SegmentId): Generator<number> {
    const marks = this.#bySegment.get(segment) ?? new Uint8Array(0)
    for (let at = marks.indexOf(1); at >= 0; at = marks.indexOf(1, at + 1)) yield at
  }

  /** No run crosses a segment. */
  #mark(runs: readonly number[], mark: 0 | 1): void {
    for (const { chunk, length } of runs.map(decodeRun)) {
      if (chunk === ZERO_CHUNK) continue
      const segment = segmentOf(chunk)
      let marks = this.#bySegment.get(segment)
      if (!marks && mark === 0) continue
      if (!marks) this.#bySegment.set(segment, (marks = new Uint8Array(PAGE_CHUNKS)))
      marks.fill(mark, positionOf(chunk), positionOf(chunk) + length)
    }
  }
}
