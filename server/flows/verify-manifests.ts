import { HoldfastError } from '../../core/model/error.ts'
import type { Queryable } from '../catalog/database.ts'
import type { ChunkStore } from '../store/chunk-store.ts'
import { manifestDigest } from '../store/manifest.ts'

/** Manifests that are not what was committed, in words. Their points restore; a rebuild lacks them. */
export async function verifyManifests(
  q: Queryable,
  store: ChunkStore,
  versions: readonly number[],
  signal: AbortSignal,
): Promise<string[]> {
  const rows = await q.query<{ name: string; digest: Buffer }>(
    `SELECT manifest AS name, manifest_digest AS digest FROM version
      WHERE id = ANY($1::int8[]) AND state = 'committed' AND manifest IS NOT NULL ORDER BY id`,
    [versions],
  )
  const findings: string[] = []
  for (const { name, digest } of rows) {
    signal.throwIfAborted()
    const damage = await manifestDamage(store, name, digest)
    if (damage !== undefined) findings.push(damage)
  }
  return findings
}

async function manifestDamage(
  store: ChunkStore,
  name: string,
  digest: Buffer,
): Promise<string | undefined> {
  try {
    const content = await store.readManifest(name)
    if (manifestDigest(content).equals(digest)) return undefined
    return `manifest ${name} is not as it was written`
  } catch (error) {
    if (error instanceof HoldfastError && error.code === 'manifest-damaged') return error.message
    throw error
  }
}
