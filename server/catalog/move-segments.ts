import { DIGEST_BYTES } from '../../core/model/digest.ts'
import { chunkId, type SegmentId } from '../../core/model/chunk-id.ts'
import { readLiveness } from './liveness.ts'
import { removeHooks } from './remove-hooks.ts'
import type { Queryable } from './database.ts'

/** A segment whose live chunks lie, one behind the other, in a new pack too. */
export interface CopiedSegment {
  readonly id: SegmentId
  /** Where it was read: it must still be there. */
  readonly fromPack: number
  readonly fromOffset: number
  readonly count: number
  readonly digests: Buffer
  readonly baseOffset: number
  /** As before, 0 for what was not copied. */
  readonly lengths: Buffer
}

/**
 * Moves segments to where compaction copied them, under the same ids. Locks first and judges in a
 * second statement, as the sweep does: a segment moves only if all that is live of it was copied and
 * nobody has pinned it. Those that others have locked, or that grew more alive, stay where they are.
 * Gives the ids that moved.
 */
export async function moveSegments(
  q: Queryable,
  toPack: number,
  copied: readonly CopiedSegment[],
): Promise<Set<SegmentId>> {
  const rows = await q.query<{ id: SegmentId; pack: number; baseOffset: number }>(
    `SELECT id, pack, base_offset AS "baseOffset" FROM segment
      WHERE id = ANY($1::int8[]) ORDER BY id FOR UPDATE SKIP LOCKED`,
    [copied.map((segment) => segment.id)],
  )
  const unmoved = new Map(rows.map((row) => [row.id, row]))
  const locked = copied.filter((segment) => {
    const row = unmoved.get(segment.id)
    return row?.pack === segment.fromPack && row.baseOffset === segment.fromOffset
  })
  const liveness = await readLiveness(q, locked)
  const moving = locked.filter((segment) => {
    const entry = liveness.get(segment.id)
    return entry !== undefined && !entry.pinned && covers(segment.lengths, entry.live)
  })
  for (const segment of moving) await moveSegment(q, toPack, segment)
  await forgetDropped(q, moving)
  return new Set(moving.map((segment) => segment.id))
}

function covers(lengths: Buffer, live: Uint8Array): boolean {
  return live.every((alive, position) => alive === 0 || lengths.readUInt32LE(position * 4) !== 0)
}

async function moveSegment(q: Queryable, toPack: number, segment: CopiedSegment): Promise<void> {
  const dropped = droppedPositions(segment)
  await q.query(
    `UPDATE segment SET pack = $2, base_offset = $3, lengths = $4, holes = $5::text::varbit
      WHERE id = $1`,
    [segment.id, toPack, segment.baseOffset, segment.lengths, holesOf(segment.count, dropped)],
  )
}

function holesOf(count: number, dropped: readonly number[]): string | null {
  if (dropped.length === 0) return null
  const bits = new Array<string>(count).fill('0')
  for (const position of dropped) bits[position] = '1'
  return bits.join('')
}

function droppedPositions({ count, lengths }: CopiedSegment): number[] {
  const positions = Array.from({ length: count }, (_, position) => position)
  return positions.filter((position) => lengths.readUInt32LE(position * 4) === 0)
}

/** Nothing may find a chunk again whose bytes are gone. */
async function forgetDropped(q: Queryable, moved: readonly CopiedSegment[]): Promise<void> {
  const gone = moved.map((segment) => ({
    id: segment.id,
    digests: segment.digests.subarray(0, segment.count * DIGEST_BYTES),
    positions: droppedPositions(segment),
  }))
  await removeHooks(q, gone)
  const chunks = gone.flatMap(({ id, positions }) => positions.map((p) => chunkId(id, p)))
  if (chunks.length > 0) await q.query(`DELETE FROM damage WHERE chunk = ANY($1::int8[])`, [chunks])
}
