import { randomId, type Random } from '../../core/runtime/random.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import type { Lifecycle } from '../../core/runtime/lifecycle.ts'
import type { Database } from '../catalog/database.ts'
import type { ChunkStore } from '../store/chunk-store.ts'
import { createStore } from '../store/create-store.ts'
import { openLocalStore } from '../store/local-store.ts'

export interface CatalogIdentity {
  readonly catalogId: string
  readonly storeId: string | null
  readonly generation: number
}

export async function readIdentity(database: Database): Promise<CatalogIdentity | undefined> {
  const [row] = await database.query<CatalogIdentity>(
    `SELECT catalog_id AS "catalogId", store_id AS "storeId", generation FROM catalog_identity`,
  )
  return row
}

/**
 * Opens the store that the catalog knows. Only a catalog that never had one makes one: an empty
 * folder in place of a store is a store that is missing, and nothing is changed.
 */
export async function bindStore(
  database: Database,
  folders: readonly string[],
  { clock, random }: { clock: Clock; random: Random },
  lifecycle: Lifecycle,
): Promise<ChunkStore> {
  const identity = (await readIdentity(database)) ?? (await foundCatalog(database, random))
  const { catalogId } = identity
  const known = await knownFolders(database)
  const all = [...new Set([...folders, ...known])]
  const storeId = identity.storeId ?? (await createStore(all, { catalogId, random })).storeId
  const store = await openLocalStore({
    folders: all,
    expected: { catalogId, storeId },
    clock,
    random,
  })
  lifecycle.onRelease('the store', () => store.close())
  await database.tx(async (q) => {
    await q.query(`UPDATE catalog_identity SET store_id = $1 WHERE store_id IS NULL`, [storeId])
    for (const { uid, path } of await store.volumes())
      await q.query(
        `INSERT INTO volume (uid, path) VALUES ($1, $2)
         ON CONFLICT (uid) DO UPDATE SET path = excluded.path`,
        [uid, path],
      )
  })
  return store
}

/** Volumes that were added while it ran are opened again without being named. */
async function knownFolders(database: Database): Promise<string[]> {
  const rows = await database.query<{ path: string }>(
    `SELECT path FROM volume WHERE state <> 'offline' ORDER BY id`,
  )
  return rows.map((row) => row.path)
}

async function foundCatalog(database: Database, random: Random): Promise<CatalogIdentity> {
  const catalogId = randomId(random, 'catalog')
  await database.query(
    `INSERT INTO catalog_identity (catalog_id) VALUES ($1) ON CONFLICT DO NOTHING`,
    [catalogId],
  )
  return { catalogId, storeId: null, generation: 0 }
}
