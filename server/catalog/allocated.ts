import { pageCount } from '../../core/model/geometry.ts'
import type { Queryable } from './database.ts'
import type { VersionDiskRow } from './versions.ts'

/** Plain bytes of a disk that are not zero chunks, as a version has it. */
export async function allocatedBytes(
  q: Queryable,
  disk: Pick<VersionDiskRow, 'disk' | 'sizeBytes' | 'chunkBytes'>,
  version: number,
): Promise<number> {
  const [row] = await q.query<{ chunks: number }>(
    `SELECT coalesce(sum(code & 2047), 0)::int8 AS chunks
       FROM generate_series(0, $3::int - 1) AS wanted(page)
       CROSS JOIN LATERAL (
         SELECT runs FROM page WHERE page.disk = $1 AND page.page = wanted.page
            AND page.version <= $2 ORDER BY page.version DESC LIMIT 1) AS p,
       unnest(p.runs) AS code
      WHERE code >> 11 <> 0`,
    [disk.disk, version, pageCount(disk.sizeBytes, disk.chunkBytes)],
  )
  return Math.min((row?.chunks ?? 0) * disk.chunkBytes, disk.sizeBytes)
}
