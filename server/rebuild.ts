import { join } from 'node:path'
import { mkdir } from 'node:fs/promises'
import { systemClock } from '../core/runtime/clock.ts'
import { lockFolder } from '../core/runtime/folder-lock.ts'
import { Lifecycle } from '../core/runtime/lifecycle.ts'
import type { Logger } from '../core/runtime/log.ts'
import { createLogger } from '../core/runtime/log-winston.ts'
import { systemRandom } from '../core/runtime/random.ts'
import { rebuildCatalog } from './flows/rebuild/rebuild.ts'
import type { RebuildOptions, RebuildResult } from './options.ts'
import { restoreBesideCatalog } from './start/beside-catalog.ts'
import { openCatalog } from './start/open-catalog.ts'
import { openLocalStore } from './store/local-store.ts'

/** Brings a lost or an older catalog, and a lost data folder, back from the store. */
export async function rebuildServer(options: RebuildOptions): Promise<RebuildResult> {
  const lifecycle = new Lifecycle()
  const log = createLogger({ level: options.logLevel, name: 'rebuild' })
  try {
    return await rebuild(options, log, lifecycle)
  } finally {
    await lifecycle.release()
  }
}

async function rebuild(
  options: RebuildOptions,
  log: Logger,
  lifecycle: Lifecycle,
): Promise<RebuildResult> {
  const { dataFolder } = options
  const clock = systemClock
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  const lock = await lockFolder(join(dataFolder, 'lock'), clock)
  lifecycle.onRelease('the data folder', () => lock.release())
  const given = options.storeFolders
  const folders = given.length > 0 ? given : [join(dataFolder, 'store')]
  // Before a database is made: a store that is missing must leave nothing behind.
  const store = await openLocalStore({ folders, clock, random: systemRandom })
  lifecycle.onRelease('the store', () => store.close())
  const { database } = await openCatalog({ ...options, clock, log }, lifecycle)
  const progress = (text: string) => log.info(text)
  const outcome = await rebuildCatalog({ database, store, progress })
  if (outcome.snapshot) await restoreBesideCatalog(dataFolder, outcome.snapshot)
  const { packs, segments, chunks, versions, points, deletedPoints, warnings } = outcome
  return { packs, segments, chunks, versions, points, deletedPoints, warnings }
}
