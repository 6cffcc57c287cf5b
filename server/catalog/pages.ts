import { parseNumbers } from './array-text.ts'
import type { Queryable } from './database.ts'

/** One page of a disk's map as the catalog has it; `runs` are codes of core/model/map-page.ts. */
export interface StoredPage {
  readonly page: number
  /** Birth version. */
  readonly version: number
  readonly entries: number
  readonly runs: readonly number[]
  readonly digest: Buffer
}

/** Pages `first`..`last` of a disk as `version` reads them; pages that it does not have are left out. */
export async function readPages(
  q: Queryable,
  disk: number,
  version: number,
  first: number,
  last: number,
): Promise<StoredPage[]> {
  const rows = await q.query<Omit<StoredPage, 'runs'> & { runs: string }>(
    `SELECT p.page, p.version, p.entries, p.runs::text AS runs, p.digest
       FROM generate_series($3::int, $4::int) AS wanted(page)
       CROSS JOIN LATERAL (
         SELECT * FROM page
          WHERE page.disk = $1 AND page.page = wanted.page AND page.version <= $2
          ORDER BY page.version DESC LIMIT 1) AS p
      ORDER BY p.page`,
    [disk, version, first, last],
  )
  return rows.map((row) => ({ ...row, runs: parseNumbers(row.runs) }))
}

/** Digests of pages 0..`pages`-1 in order, as `version` reads them. */
export async function readPageDigests(
  q: Queryable,
  disk: number,
  version: number,
  pages: number,
): Promise<{ page: number; digest: Buffer }[]> {
  return q.query(
    `SELECT wanted.page, p.digest
       FROM generate_series(0, $3::int - 1) AS wanted(page)
       CROSS JOIN LATERAL (
         SELECT digest FROM page
          WHERE page.disk = $1 AND page.page = wanted.page AND page.version <= $2
          ORDER BY page.version DESC LIMIT 1) AS p
      ORDER BY wanted.page`,
    [disk, version, pages],
  )
}

export interface NewPage {
  readonly disk: number
  readonly page: number
  readonly entries: number
  readonly runs: readonly number[]
  readonly segments: readonly number[]
  readonly digest: Buffer
}

const INSERT_BATCH = 256

export async function insertPages(
  q: Queryable,
  version: number,
  pages: readonly NewPage[],
): Promise<void> {
  for (let at = 0; at < pages.length; at += INSERT_BATCH) {
    const batch = pages.slice(at, at + INSERT_BATCH)
    await q.query(
      `INSERT INTO page (disk, page, version, entries, runs, segments, digest)
       SELECT disk, page, $1, entries, runs::int8[], segments::int8[], digest
         FROM unnest($2::int[], $3::int[], $4::smallint[], $5::text[], $6::text[], $7::bytea[])
           AS new (disk, page, entries, runs, segments, digest)`,
      [
        version,
        batch.map((p) => p.disk),
        batch.map((p) => p.page),
        batch.map((p) => p.entries),
        batch.map((p) => `{${p.runs.join(',')}}`),
        batch.map((p) => `{${p.segments.join(',')}}`),
        batch.map((p) => p.digest),
      ],
    )
  }
}
