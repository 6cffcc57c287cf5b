import { HoldfastError } from '../../core/model/error.ts'
import type { ItemRestoreRequest } from '../catalog/job-requests.ts'
import type { Database } from '../catalog/database.ts'
import { holdFence } from '../catalog/fence.ts'

export interface ItemPull {
  readonly point: string
  readonly paths: readonly Buffer[]
  /** As fetch-paths has them. */
  readonly matching: readonly Buffer[]
  readonly except: readonly Buffer[]
  readonly disk: string | undefined
}

/** What an item recovery of this host may read; nothing else may be pulled. */
export async function openItemPull(
  database: Database,
  host: string,
  fence: { readonly job: string; readonly epoch: number },
): Promise<ItemPull> {
  return database.tx(async (q) => {
    await holdFence(q, fence)
    const [row] = await q.query<{ request: ItemRestoreRequest }>(
      `SELECT request FROM job WHERE id = $1 AND host = $2 AND kind = 'item-recovery'`,
      [fence.job, host],
    )
    if (!row) throw new HoldfastError('not-found', `job ${fence.job} is not one of this host's`)
    const { point, paths, matching = [], except = [], disk } = row.request
    return {
      ...{ point, disk, paths: paths.map(fromText) },
      ...{ matching: matching.map(fromText), except: except.map(fromText) },
    }
  })
}

function fromText(base64: string): Buffer {
  return Buffer.from(base64, 'base64')
}
