import type { Logger } from '../../core/runtime/log.ts'
import { condemnPack } from '../catalog/packs.ts'
import { dropReservedVersion, listReservedVersions } from '../catalog/versions.ts'
import type { Database } from '../catalog/database.ts'
import type { ChunkStore } from '../store/chunk-store.ts'
import { manifestName } from '../store/manifest.ts'
import type { ServerMode } from '../flows/server-mode.ts'
import { readIdentity } from './bind-store.ts'

/**
 * What a start finds of the time before. A store ahead of everything that the catalog ever reserved
 * belongs to a newer catalog: then nothing may be written, expired or collected. Otherwise what is
 * reserved and not committed was interrupted, and is discarded: its chunks stay staged.
 */
export async function reconcile(
  database: Database,
  store: ChunkStore,
  log: Logger,
): Promise<ServerMode> {
  const identity = await readIdentity(database)
  const marker = await store.readMarker()
  if (marker.generation > (identity?.generation ?? 0)) {
    const reason = `the store is at generation ${marker.generation}, the catalog knows ${identity?.generation ?? 0}`
    log.error('the catalog is older than the store: read-only', { reason })
    return { name: 'read-only', reason }
  }
  await discardInterrupted(database, store, log)
  await condemnUnfinishedPacks(database, log)
  return { name: 'normal' }
}

async function discardInterrupted(
  database: Database,
  store: ChunkStore,
  log: Logger,
): Promise<void> {
  for (const { id, uid, dataSource, sequence } of await listReservedVersions(database)) {
    await store.removeManifest(manifestName(dataSource, sequence, uid))
    await dropReservedVersion(database, id)
    log.info('an interrupted commit was discarded', { dataSource, sequence })
  }
}

/** Announced and never sealed, by a process that is gone: no row names a chunk of them. */
async function condemnUnfinishedPacks(database: Database, log: Logger): Promise<void> {
  const packs = await database.query<{ id: number; name: string }>(
    `SELECT id, name FROM pack WHERE state = 'writing' AND NOT EXISTS (
       SELECT FROM job WHERE job.id = pack.job AND job.epoch = pack.epoch AND job.state = 'running')`,
  )
  for (const { id, name } of packs) {
    await database.tx((q) => condemnPack(q, id, 'its writer ended before it was sealed'))
    log.info('an unfinished pack was condemned', { pack: name })
  }
}
