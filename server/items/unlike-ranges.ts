import type { Database } from '../catalog/database.ts'
import { readVersionDisks } from '../catalog/versions.ts'
import { compareDisks } from '../flows/compare-disks.ts'
import type { Unlike } from './recorded-disk.ts'

/** From the maps alone: what of the disks of `to` is not as it is in `from`. */
export async function unlikeRanges(
  database: Database,
  from: number,
  to: number,
  signal?: AbortSignal,
): Promise<Unlike> {
  return database.tx(
    async (q) => {
      const was = await readVersionDisks(q, from)
      const unlike: Unlike[number][] = []
      for (const disk of await readVersionDisks(q, to)) {
        signal?.throwIfAborted()
        const { name, chunkBytes, sizeBytes } = disk
        const other = was.find((one) => one.disk === disk.disk)
        if (!other || other.name !== name || other.chunkBytes !== chunkBytes) {
          unlike.push({ disk: name, chunkBytes, ranges: 'all' })
          continue
        }
        const { ranges, truncated } = await compareDisks(
          q,
          { disk: other.disk, version: from, sizeBytes: other.sizeBytes, chunkBytes },
          { disk: disk.disk, version: to, sizeBytes, chunkBytes },
        )
        unlike.push({ disk: name, chunkBytes, ranges: truncated ? 'all' : ranges })
      }
      return unlike
    },
    { snapshot: true, timeoutMs: TIMEOUT_MS },
  )
}

const TIMEOUT_MS = 300_000
