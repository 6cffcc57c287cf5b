import { hash } from 'node:crypto'
import { toHoldfastError } from '../../core/model/error.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import type { Logger } from '../../core/runtime/log.ts'
import { readTable, SNAPSHOT_TABLES } from '../catalog/rebuild.ts'
import type { Database } from '../catalog/database.ts'
import { writeCatalogSnapshot } from '../flows/catalog-snapshot.ts'
import type { ChunkStore } from '../store/chunk-store.ts'
import { readBesideCatalog } from './beside-catalog.ts'

export interface KeepSnapshotsDeps {
  readonly database: Database
  readonly store: ChunkStore
  readonly dataFolder: string
  readonly clock: Clock
  readonly log: Logger
}

const LOOK_EVERY_MS = 2000

/** Columns that change all the time and that a rebuild does not need. */
const PASSING = new Set([
  'last_seen_at',
  'session',
  'warnings',
  'replica_state',
  'replica_reason',
  'last_sequence',
  'points_until',
  'syncs_until',
  'checks_until',
  'checks',
  'next_check',
])

/** Seals a snapshot into the store whenever what it holds has changed. Gives how to stop. */
export function keepSnapshots(deps: KeepSnapshotsDeps): () => Promise<void> {
  const stopped = new AbortController()
  const loop = async () => {
    let sealed = ''
    while (!stopped.signal.aborted) {
      sealed = await sealIfChanged(deps, sealed)
      await deps.clock.sleep(LOOK_EVERY_MS, stopped.signal).catch(() => {})
    }
    await sealIfChanged(deps, sealed)
  }
  const running = loop()
  return async () => {
    stopped.abort()
    await running
  }
}

async function sealIfChanged(deps: KeepSnapshotsDeps, sealed: string): Promise<string> {
  try {
    const now = await fingerprint(deps.database)
    if (now !== sealed) await writeCatalogSnapshot(deps, await readBesideCatalog(deps.dataFolder))
    return now
  } catch (error) {
    deps.log.warn('the catalog snapshot was not written', {
      reason: toHoldfastError(error).message,
    })
    return sealed
  }
}

async function fingerprint(database: Database): Promise<string> {
  const tables: unknown[] = []
  for (const table of SNAPSHOT_TABLES)
    for (const row of await readTable(database, table))
      tables.push(Object.entries(row).filter(([column]) => !PASSING.has(column)))
  return hash('sha256', JSON.stringify(tables))
}
