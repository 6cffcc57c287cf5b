import type { Clock } from '../../core/runtime/clock.ts'
import {
  insertFormerTokens,
  clearGroups,
  insertTable,
  keepRevocations,
  readTable,
  SNAPSHOT_TABLES,
  type SnapshotRow,
} from '../catalog/rebuild.ts'
import type { Database, Queryable } from '../catalog/database.ts'
import { resumeAudit } from '../catalog/audit.ts'
import type { ChunkStore } from '../store/chunk-store.ts'
import { writeSnapshot, type Snapshot } from '../store/snapshot.ts'
import { sealedHead } from './verify-audit.ts'

/**
 * Seals what points are not into the store: operators, hosts with their revocations, data sources.
 * `more` is what lies beside the catalog, such as the authority, under names of its own. To be
 * written whenever one of these changes, and once a day.
 */
export async function writeCatalogSnapshot(
  deps: { database: Database; store: ChunkStore; clock: Clock },
  more: Readonly<Record<string, SnapshotRow[]>> = {},
): Promise<string> {
  const { database, store, clock } = deps
  const marker = await store.readMarker()
  const tables = await database.tx(
    async (q) => {
      const rows: Record<string, SnapshotRow[]> = {}
      for (const table of SNAPSHOT_TABLES) rows[table] = await readTable(q, table)
      return rows
    },
    { snapshot: true },
  )
  return writeSnapshot(store, {
    writtenAt: new Date(clock.now()).toISOString(),
    catalogId: marker.catalogId,
    generation: marker.generation,
    tables: { ...more, ...tables },
  })
}

/** Rows that the catalog lacks; those that it has are newer or the same. Groups are as they were last. */
export async function restoreSnapshot(q: Queryable, { tables }: Snapshot): Promise<void> {
  // Snapshots of releases without groups have no such table.
  if (tables['protection_group']) await clearGroups(q)
  for (const table of SNAPSHOT_TABLES) await insertTable(q, table, tables[table] ?? [])
  const head = sealedHead(tables)
  if (head) await resumeAudit(q, head)
  await insertFormerTokens(q, tables['operator'] ?? [])
  await keepRevocations(
    q,
    tables['host'] ?? [],
    tables['operator'] ?? [],
    tables['operator_token'] ?? [],
  )
}
