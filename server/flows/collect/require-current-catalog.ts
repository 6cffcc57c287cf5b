import { HoldfastError } from '../../../core/model/error.ts'
import type { Queryable } from '../../catalog/database.ts'
import type { ChunkStore } from '../../store/chunk-store.ts'

/**
 * Nothing is collected unless the store's marker names this catalog and no later generation than it
 * has reserved: an older catalog would take newer points' chunks for garbage.
 */
export async function requireCurrentCatalog(
  q: Queryable,
  store: Pick<ChunkStore, 'readMarker'>,
): Promise<void> {
  const marker = await store.readMarker()
  const [own] = await q.query<{ catalogId: string; generation: number }>(
    `SELECT catalog_id AS "catalogId", generation FROM catalog_identity`,
  )
  if (own?.catalogId !== marker.catalogId)
    throw new HoldfastError('store-foreign', `store ${marker.storeId} belongs to another catalog`)
  if (own.generation < marker.generation)
    throw new HoldfastError(
      'catalog-older-than-store',
      `the catalog is at generation ${own.generation}, its store at ${marker.generation}`,
      { hint: 'Stop the server and run `holdfast server rebuild`: it brings the newer points in.' },
    )
}
