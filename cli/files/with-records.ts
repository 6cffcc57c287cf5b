import { openedRecords } from '../../core/wire/opened-records.ts'
import type { FilePart } from '../../core/archive/receive.ts'
import { openChunkWorkers } from '../../core/chunk/chunk-workers.ts'
import { openPlainPool } from '../../core/chunk/plain-pool.ts'

/** Opens the records among the parts in threads, which start when the first of them come. */
export async function withRecords<T>(
  parts: AsyncIterable<FilePart>,
  run: (plain: AsyncIterable<FilePart>) => Promise<T>,
): Promise<T> {
  const workers = openChunkWorkers()
  try {
    return await run(openedRecords(parts, openPlainPool(workers)))
  } finally {
    await workers.close()
  }
}
