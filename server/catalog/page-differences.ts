import { parseNumbers } from './array-text.ts'
import type { Queryable } from './database.ts'
import type { StoredPage } from './pages.ts'

/** Pages of one disk that were born between two of its versions: all others are the same rows. */
export async function pagesBornBetween(
  q: Queryable,
  disk: number,
  before: number,
  after: number,
): Promise<number[]> {
  const rows = await q.query<{ page: number }>(
    `SELECT DISTINCT page FROM page WHERE disk = $1 AND version > $2 AND version <= $3 ORDER BY page`,
    [disk, before, after],
  )
  return rows.map((row) => row.page)
}

/** The pages of this list, as `version` reads them; those that it does not have are left out. */
export async function readPagesAt(
  q: Queryable,
  disk: number,
  version: number,
  pages: readonly number[],
): Promise<Map<number, StoredPage>> {
  const rows = await q.query<Omit<StoredPage, 'runs'> & { runs: string }>(
    `SELECT p.page, p.version, p.entries, p.runs::text AS runs, p.digest
       FROM unnest($3::int[]) AS wanted(page)
       CROSS JOIN LATERAL (
         SELECT * FROM page
          WHERE page.disk = $1 AND page.page = wanted.page AND page.version <= $2
          ORDER BY page.version DESC LIMIT 1) AS p`,
    [disk, version, pages],
  )
  return new Map(rows.map((row) => [row.page, { ...row, runs: parseNumbers(row.runs) }]))
}

/** Digests of single chunks, hexadecimal; a chunk that is gone has none. */
export async function readChunkDigests(
  q: Queryable,
  chunks: readonly number[],
): Promise<Map<number, string>> {
  const rows = await q.query<{ chunk: number; digest: string }>(
    `SELECT chunk, encode(substring(segment.digests FROM (chunk & 1023)::int * 32 + 1 FOR 32), 'hex')
              AS digest
       FROM unnest($1::int8[]) AS chunk JOIN segment ON segment.id = chunk >> 10`,
    [chunks],
  )
  return new Map(rows.map((row) => [row.chunk, row.digest]))
}
