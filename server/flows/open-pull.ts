import { HoldfastError } from '../../core/model/error.ts'
import { holdFence } from '../catalog/fence.ts'
import { readVersionDisks, type VersionDiskRow } from '../catalog/versions.ts'
import type { Database } from '../catalog/database.ts'

/** The disk that a recovery job of this host may read; nothing else may be pulled. */
export async function openPull(
  database: Database,
  host: string,
  request: { readonly job: string; readonly epoch: number; readonly ordinal: number },
): Promise<{ version: number; disk: VersionDiskRow }> {
  return database.tx(async (q) => {
    await holdFence(q, request)
    const [row] = await q.query<{ version: number; names: string[] }>(
      `SELECT p.version, ARRAY(SELECT jsonb_array_elements_text(job.request->'disks')) AS names
         FROM job JOIN recovery_point p ON p.id = job.request->>'point'
        WHERE job.id = $1 AND job.host = $2 AND job.kind = 'recovery' AND p.version IS NOT NULL`,
      [request.job, host],
    )
    const disks = row ? await readVersionDisks(q, row.version) : []
    const disk = disks.find(({ ordinal }) => ordinal === request.ordinal)
    if (!row || !disk || !row.names.includes(disk.name))
      throw new HoldfastError(
        'not-found',
        `job ${request.job} may not read disk ${request.ordinal}`,
      )
    return { version: row.version, disk }
  })
}
