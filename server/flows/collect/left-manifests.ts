import { listLeftManifests, markManifestRemoved } from '../../catalog/collectable.ts'
import type { CollectDeps } from '../collect.ts'

/**
 * Manifests of versions that the catalog has removed. Before any of their chunks go: a manifest that
 * outlived them would be rebuilt into a version with holes.
 */
export async function removeLeftManifests(deps: CollectDeps): Promise<void> {
  for (const { id, manifest } of await listLeftManifests(deps.database)) {
    deps.signal.throwIfAborted()
    await deps.store.removeManifest(manifest)
    await markManifestRemoved(deps.database, id)
  }
}
