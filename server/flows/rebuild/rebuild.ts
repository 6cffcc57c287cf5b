import { HoldfastError } from '../../../core/model/error.ts'
import { recordEvent } from '../../catalog/events.ts'
import {
  abandonTransfers,
  adoptStore,
  raiseSequences,
  suspectUnnamedSegments,
  upsertVolume,
} from '../../catalog/rebuild.ts'
import { settleReplicas } from '../../catalog/rebuild-versions.ts'
import type { Database } from '../../catalog/database.ts'
import type { ChunkStore } from '../../store/chunk-store.ts'
import { readNewestSnapshot, type Snapshot } from '../../store/snapshot.ts'
import { restoreSnapshot } from '../catalog-snapshot.ts'
import { rebuildPacks } from './rebuild-packs.ts'
import { rebuildPoints } from './rebuild-points.ts'
import { rebuildVersions } from './rebuild-versions.ts'

export interface RebuildDeps {
  readonly database: Database
  readonly store: ChunkStore
  /** For people: what is being done. */
  readonly progress: (text: string) => void
}

export interface RebuildOutcome {
  readonly packs: number
  readonly segments: number
  readonly chunks: number
  /** Brought in: those that the catalog had are not counted. */
  readonly versions: number
  readonly points: number
  readonly deletedPoints: number
  /** What could not be brought back, or is damaged. */
  readonly warnings: readonly string[]
  /** The newest whole snapshot: what lies beside the catalog is the caller's to bring back. */
  readonly snapshot: Snapshot | undefined
}

/**
 * Brings a lost catalog back from its store alone, or an older one up to its store. Nothing else
 * may run. Each pack and each manifest is one transaction: run it again after an interruption.
 *
 * 1. The catalog becomes that of the store; transfers that were under way are given up.
 * 2. Snapshot: operators, hosts, data sources.
 * 3. Packs, from their footers: segments, digests, hooks.
 * 4. Manifests, in the order of each history: versions and their pages, proven against the digests.
 * 5. Points, with their documents and tombstones: deleted ones stay deleted.
 * 6. Ids that come rise above all that was found; what nothing names is for the sweep to judge.
 */
export async function rebuildCatalog(deps: RebuildDeps): Promise<RebuildOutcome> {
  const { database, store, progress } = deps
  const warnings: string[] = []
  await adopt(database, store)
  const snapshot = await readNewestSnapshot(store, (name) => {
    warnings.push(`snapshot ${name} is damaged`)
  })
  if (snapshot) await database.tx((q) => restoreSnapshot(q, snapshot))
  for (const { uid, path } of await store.volumes()) await upsertVolume(database, uid, path)
  const packs = await rebuildPacks(deps, (done) => {
    if (done % 100 === 0) progress(`${done} packs read`)
  })
  progress(`${packs.packs} packs with ${packs.chunks} chunks; reading manifests`)
  const versions = await rebuildVersions(deps)
  const points = await rebuildPoints(deps, versions.points)
  await database.tx((q) => settleReplicas(q, versions.damaged))
  const generation = Math.max(packs.generation, versions.generation)
  await finish(database, store, generation)
  const { deleted: deletedPoints } = points
  return {
    ...{ packs: packs.packs, segments: packs.segments, chunks: packs.chunks },
    ...{ versions: versions.versions, points: points.points, deletedPoints, snapshot },
    warnings: [...warnings, ...packs.warnings, ...versions.warnings, ...points.warnings],
  }
}

async function adopt(database: Database, store: ChunkStore): Promise<void> {
  const marker = await store.readMarker()
  await database.tx(async (q) => {
    const [other] = await q.query<{ storeId: string | null }>(
      `SELECT store_id AS "storeId" FROM catalog_identity
        WHERE catalog_id <> $1 AND EXISTS (SELECT FROM version)`,
      [marker.catalogId],
    )
    if (other)
      throw new HoldfastError(
        'store-foreign',
        `the catalog has versions of store ${other.storeId ?? '(none)'}, not of ${marker.storeId}`,
        { hint: 'A rebuild needs an empty database, or an older state of the one that was lost.' },
      )
    // Its generation is raised at the end: until then the catalog stays older, and read-only.
    await adoptStore(q, { ...marker, generation: 0 })
    await abandonTransfers(q)
  })
}

async function finish(database: Database, store: ChunkStore, found: number): Promise<void> {
  const marker = await store.readMarker()
  const generation = Math.max(marker.generation, found)
  await database.tx(
    async (q) => {
      await suspectUnnamedSegments(q)
      await raiseSequences(q)
      await adoptStore(q, { ...marker, generation })
      await recordEvent(q, {
        kind: 'catalog-rebuilt',
        about: marker.storeId,
        message: `the catalog was rebuilt from its store up to generation ${generation}`,
      })
    },
    { timeoutMs: 0 },
  )
}
