import { join } from 'node:path'
import type { Clock } from '../../core/runtime/clock.ts'
import type { Lifecycle } from '../../core/runtime/lifecycle.ts'
import type { Logger } from '../../core/runtime/log.ts'
import { processClock } from '../../core/runtime/planned-clock.ts'
import { systemRandom, type Random } from '../../core/runtime/random.ts'
import type { Database } from '../catalog/database.ts'
import { releaseAllSessions } from '../catalog/hosts.ts'
import type { CatalogLock } from '../catalog/only-server.ts'
import { requeueJobsOfServer } from '../catalog/jobs.ts'
import { releaseReadersOf } from '../catalog/readers.ts'
import type { ServerMode } from '../flows/server-mode.ts'
import type { ServerOptions } from '../options.ts'
import type { ChunkStore } from '../store/chunk-store.ts'
import { bindStore } from './bind-store.ts'
import { openDataFolder } from './data-folder.ts'
import { openCatalog } from './open-catalog.ts'
import { reconcile } from './reconcile.ts'

/** What lasts beyond a process, opened and put in order, and the seams to the machine. */
export interface Foundation {
  readonly serverId: string
  readonly database: Database
  /** That this server alone works on it. */
  readonly lock: CatalogLock
  readonly store: ChunkStore
  readonly mode: ServerMode
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  /** Rejects when another server has taken the catalog over. */
  readonly superseded: Promise<never>
}

/** Folder, catalog, store; then what earlier processes left is taken up or discarded. */
export async function openFoundation(
  options: ServerOptions,
  log: Logger,
  lifecycle: Lifecycle,
): Promise<Foundation> {
  const seams = { clock: processClock(process.env), random: systemRandom }
  const { clock, random } = seams
  const folder = await openDataFolder(options.dataFolder, clock, random)
  lifecycle.onRelease('the data folder', () => folder.release())
  const { serverId } = folder
  const { promise: superseded, reject: onSuperseded } = Promise.withResolvers<never>()
  superseded.catch(() => {}) // whoever waits for it meets it; a start that fails does not
  const { database, lock } = await openCatalog({ ...options, clock, log, onSuperseded }, lifecycle)
  const store = await bindStore(database, storeFolders(options), seams, lifecycle)
  await requeueJobsOfServer(database, serverId)
  await releaseReadersOf(database, serverId)
  await releaseAllSessions(database)
  const mode = await reconcile(database, store, log)
  return { serverId, database, lock, store, mode, log, superseded, ...seams }
}

function storeFolders({ storeFolders, dataFolder }: ServerOptions): readonly string[] {
  return storeFolders.length > 0 ? storeFolders : [join(dataFolder, 'store')]
}
