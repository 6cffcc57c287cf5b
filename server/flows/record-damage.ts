import { findUses, insertDamage, markDamaged, type ChunkUse } from '../catalog/damage.ts'
import { recordEvent } from '../catalog/events.ts'
import type { Database } from '../catalog/database.ts'

export interface FoundDamage {
  readonly chunks: readonly number[]
  readonly foundBy: string
  readonly cause: string
}

export interface RecordedDamage {
  readonly points: readonly string[]
  readonly uses: readonly ChunkUse[]
  /** How many of the chunks nobody had found before. */
  readonly fresh: number
}

/**
 * Sets damaged chunks aside: nothing is deleted, nothing reuses them, the points that name them say
 * so, and the next comparison of the source sends their content anew.
 */
export async function recordDamage(
  database: Database,
  found: FoundDamage,
): Promise<RecordedDamage> {
  return database.tx(async (q) => {
    const fresh = await insertDamage(q, found.chunks, found.foundBy, found.cause)
    const uses = await findUses(q, found.chunks)
    const points = await markDamaged(q, [...new Set(uses.map((use) => use.version))])
    for (const point of points)
      await recordEvent(q, {
        kind: 'point-damaged',
        about: point,
        message: `${found.foundBy} found stored bytes damaged: ${found.cause}`,
      })
    return { points, uses, fresh }
  })
}
