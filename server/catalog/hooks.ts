import { DIGEST_BYTES } from '../../core/model/digest.ts'
import { chunkId } from '../../core/model/chunk-id.ts'
import type { NewSegment } from './segments.ts'
import type { Queryable } from './database.ts'

/** One digest in four is indexed: *start*, see docs/decisions. */
export function isHooked(digests: Buffer, offset: number): boolean {
  return ((digests[offset] ?? 0) & 3) === 0
}

/** 48 bits of the digest that the sampling did not look at: exact in a number. */
export function hookPrefix(digests: Buffer, offset: number): number {
  return digests.readUIntBE(offset + 1, 6)
}

export async function insertHooks(q: Queryable, segments: readonly NewSegment[]): Promise<void> {
  const prefixes: number[] = []
  const ids: number[] = []
  for (const segment of segments)
    for (let position = 0; position < segment.count; position++) {
      const offset = position * DIGEST_BYTES
      if (!isHooked(segment.digests, offset)) continue
      prefixes.push(hookPrefix(segment.digests, offset))
      ids.push(chunkId(segment.id, position))
    }
  if (prefixes.length === 0) return
  await q.query(
    `INSERT INTO digest_hook (prefix, id) SELECT * FROM unnest($1::int8[], $2::int8[])`,
    [prefixes, ids],
  )
}

/** Segments where chunks with these prefixes may lie. A hint: rows may be stale. */
export async function findHooks(
  q: Queryable,
  prefixes: readonly number[],
): Promise<{ prefix: number; id: number }[]> {
  if (prefixes.length === 0) return []
  return q.query(`SELECT prefix, id FROM digest_hook WHERE prefix = ANY($1::int8[])`, [prefixes])
}
