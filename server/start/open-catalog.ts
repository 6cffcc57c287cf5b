import { join } from 'node:path'
import type { HoldfastError } from '../../core/model/error.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import type { Lifecycle } from '../../core/runtime/lifecycle.ts'
import type { Logger } from '../../core/runtime/log.ts'
import { openDatabase, type Database } from '../catalog/database.ts'
import { holdCatalog, type CatalogLock } from '../catalog/only-server.ts'
import { migrate } from '../catalog/migrate.ts'
import { startEmbeddedPostgres } from '../postgres/embedded-postgres.ts'

export interface CatalogOptions {
  readonly dataFolder: string
  /** Absent: the embedded PostgreSQL inside the data folder. */
  readonly databaseUrl?: string | undefined
  readonly clock: Clock
  readonly log: Logger
  /** Another server has the catalog by now. */
  readonly onSuperseded?: (error: HoldfastError) => void
}

export interface Catalog {
  readonly database: Database
  readonly lock: CatalogLock
}

/** The catalog's database, held by this server alone, its schema brought to this release's. */
export async function openCatalog(options: CatalogOptions, lifecycle: Lifecycle): Promise<Catalog> {
  const { clock, log } = options
  const url = options.databaseUrl ?? (await startOwn(options, lifecycle))
  const database = await openDatabase({ url, log, clock })
  lifecycle.onRelease('the database', () => database.close())
  const onSuperseded = options.onSuperseded ?? (() => {})
  const lock = await holdCatalog({ url, clock, log, onSuperseded })
  lifecycle.onRelease('the catalog', () => lock.release())
  const applied = await migrate(database)
  if (applied.length > 0) log.info('the catalog was brought up to date', { migrations: applied })
  return { database, lock }
}

async function startOwn(
  { dataFolder, clock, log }: CatalogOptions,
  lifecycle: Lifecycle,
): Promise<string> {
  const postgres = await startEmbeddedPostgres({ folder: join(dataFolder, 'postgres'), log, clock })
  lifecycle.onRelease('PostgreSQL', () => postgres.stop())
  return postgres.url
}
