import { HoldfastError } from '../../core/model/error.ts'
import { chunkCount, pageCount } from '../../core/model/geometry.ts'
import type { Queryable } from './database.ts'

/** What of a disk a commit claims. */
export interface ClaimedDisk {
  readonly disk: number
  readonly sizeBytes: number
  readonly chunkBytes: number
  readonly newPages: number
}

/**
 * Proves inside the committing transaction that a version's maps are complete. Call after the new
 * pages were inserted.
 *
 * 1. No page of the disk was born between the base and this version: history is linear.
 * 2. Every page from 0 to the end exists, and together they cover every chunk once.
 * 3. What the new pages name is locked first and then proven: each run lies inside a live segment,
 *    none of its chunks was dropped by compaction. Unchanged pages hold because the base is held.
 */
export async function proveMaps(
  q: Queryable,
  version: number,
  base: number | null,
  disks: readonly ClaimedDisk[],
): Promise<void> {
  for (const disk of disks) {
    await proveLinear(q, version, base, disk)
    await proveCoverage(q, version, disk)
    await lockNamedSegments(q, version, disk.disk)
    await proveLive(q, version, disk)
  }
}

async function proveLinear(
  q: Queryable,
  version: number,
  base: number | null,
  disk: ClaimedDisk,
): Promise<void> {
  const rows = await q.query(
    `SELECT 1 FROM page WHERE disk = $1 AND version > $2 AND version <> $3 LIMIT 1`,
    [disk.disk, base ?? 0, version],
  )
  if (rows.length > 0) throw unproven(disk, 'pages were born beside it')
}

async function proveCoverage(q: Queryable, version: number, disk: ClaimedDisk): Promise<void> {
  const pages = pageCount(disk.sizeBytes, disk.chunkBytes)
  const [found] = await q.query<{ pages: number; entries: number }>(
    `SELECT count(*) AS pages, coalesce(sum(p.entries), 0)::int8 AS entries
       FROM generate_series(0, $3::int - 1) AS wanted(page)
       CROSS JOIN LATERAL (
         SELECT entries FROM page WHERE page.disk = $1 AND page.page = wanted.page
            AND page.version <= $2 ORDER BY page.version DESC LIMIT 1) AS p`,
    [disk.disk, version, pages],
  )
  const chunks = chunkCount(disk.sizeBytes, disk.chunkBytes)
  if (found?.pages !== pages || found.entries !== chunks)
    throw unproven(disk, `${found?.entries ?? 0} of ${chunks} chunks are covered`)
}

async function lockNamedSegments(q: Queryable, version: number, disk: number): Promise<void> {
  await q.query(
    `SELECT id FROM segment WHERE id IN (
       SELECT unnest(segments) FROM page WHERE disk = $1 AND version = $2)
      ORDER BY id FOR KEY SHARE`,
    [disk, version],
  )
}

async function proveLive(q: Queryable, version: number, disk: ClaimedDisk): Promise<void> {
  const [bad] = await q.query<{ pages: number; uncovered: number; dead: number }>(
    `WITH run AS MATERIALIZED (
       SELECT page, entries, code >> 21 AS segment, ((code >> 11) & 1023)::int AS position,
              (code & 2047)::int AS length, code >> 11 AS chunk
         FROM page, unnest(runs) AS code WHERE disk = $1 AND version = $2)
     SELECT (SELECT count(DISTINCT page) FROM run) AS pages,
            (SELECT count(*) FROM (
               SELECT page FROM run GROUP BY page, entries HAVING sum(length) <> entries) x) AS uncovered,
            (SELECT count(*) FROM run LEFT JOIN segment ON segment.id = run.segment
              WHERE run.chunk <> 0 AND (segment.id IS NULL
                 OR run.position + run.length > segment.count
                 OR position(B'1' IN substring(segment.holes FROM run.position + 1 FOR run.length)) > 0)) AS dead`,
    [disk.disk, version],
  )
  if (!bad || bad.pages !== disk.newPages || bad.uncovered > 0)
    throw unproven(disk, `${bad?.uncovered ?? 0} pages do not cover what they claim`)
  if (bad.dead > 0) throw unproven(disk, `${bad.dead} runs name chunks that are not live`)
}

function unproven(disk: ClaimedDisk, why: string): HoldfastError {
  return new HoldfastError(
    'catalog-inconsistent',
    `the map of disk ${disk.disk} could not be proven complete: ${why}`,
    { hint: 'Nothing was committed. Run it again; if it stays, keep the log and report it.' },
  )
}
