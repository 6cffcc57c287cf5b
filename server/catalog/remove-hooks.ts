import { chunkId, type SegmentId } from '../../core/model/chunk-id.ts'
import { DIGEST_BYTES } from '../../core/model/digest.ts'
import { hookPrefix, isHooked } from './hooks.ts'
import type { Queryable } from './database.ts'

export interface HookedChunks {
  readonly id: SegmentId
  readonly digests: Buffer
  /** Positions to remove the hooks of; absent: all. */
  readonly positions?: readonly number[]
}

/** Removes the hooks of chunks through their digests' prefixes: the only index that hooks have. */
export async function removeHooks(q: Queryable, segments: readonly HookedChunks[]): Promise<void> {
  const prefixes: number[] = []
  const ids: number[] = []
  for (const segment of segments)
    for (const position of segment.positions ?? allPositions(segment.digests)) {
      const offset = position * DIGEST_BYTES
      if (!isHooked(segment.digests, offset)) continue
      prefixes.push(hookPrefix(segment.digests, offset))
      ids.push(chunkId(segment.id, position))
    }
  if (ids.length === 0) return
  await q.query(
    `DELETE FROM digest_hook USING unnest($1::int8[], $2::int8[]) AS gone(prefix, id)
      WHERE digest_hook.prefix = gone.prefix AND digest_hook.id = gone.id`,
    [prefixes, ids],
  )
}

function allPositions(digests: Buffer): number[] {
  return Array.from({ length: digests.length / DIGEST_BYTES }, (_, position) => position)
}
