import { CHUNK_BYTES } from '../../core/model/geometry.ts'
import type { Queryable } from './database.ts'

/** The disk's row, made when the inventory had not told of it yet. Its chunk size never changes. */
export async function upsertPlannedDisk(
  q: Queryable,
  dataSource: string,
  disk: { name: string; sizeBytes: number; format: string },
): Promise<number> {
  const [row] = await q.query<{ id: number }>(
    `INSERT INTO disk (data_source, name, chunk_bytes, format, size_bytes) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (data_source, name) DO UPDATE
       SET format = excluded.format, size_bytes = excluded.size_bytes, present = true
     RETURNING id`,
    [dataSource, disk.name, CHUNK_BYTES, disk.format, disk.sizeBytes],
  )
  if (!row) throw new Error('no row came of an upsert')
  return row.id
}
