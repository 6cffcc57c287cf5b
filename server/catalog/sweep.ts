import { chunkId, type SegmentId } from '../../core/model/chunk-id.ts'
import { removeHooks } from './remove-hooks.ts'
import type { Queryable } from './database.ts'

/**
 * Decides suspects, in READ COMMITTED, a batch a transaction:
 *
 *  1. Lock some suspects, then their segments; never wait, what is locked by others comes later.
 *  2. In a new statement, whose snapshot is younger than the locks: delete those that no pin and no
 *     page names. One statement for both would judge on a snapshot from before its locks, and
 *     delete what was pinned meanwhile.
 *  3. Remove their hooks, note them, condemn packs that are empty now, let compaction look at others.
 *  4. Remove exactly the suspects that were decided: one that was added since has a row of its own.
 */
export interface SweptBatch {
  /** Where the next batch begins; undefined when there was nothing more. */
  readonly last: number | undefined
  readonly removedSegments: number
  readonly condemnedPacks: number
}

const BATCH = 200

export async function sweepBatch(
  q: Queryable,
  after: number,
  batch: number = BATCH,
): Promise<SweptBatch> {
  const suspects = await q.query<{ n: number; segment: SegmentId }>(
    `SELECT n, segment FROM suspect WHERE n > $1 ORDER BY n LIMIT $2 FOR UPDATE SKIP LOCKED`,
    [after, batch],
  )
  const last = suspects.at(-1)?.n
  if (last === undefined) return { last, removedSegments: 0, condemnedPacks: 0 }
  const named = [...new Set(suspects.map((suspect) => suspect.segment))]
  const locked = await lockSegments(q, named)
  const removed = await removeUnneeded(q, locked)
  await removeHooks(q, removed)
  await noteRemoved(q, removed)
  const condemnedPacks = await condemnEmpty(q, removed)
  await letCompactionLook(q, locked, removed)
  const undecided = await stillThere(q, named, locked)
  await q.query(`DELETE FROM suspect WHERE n = ANY($1::int8[])`, [
    suspects.filter((suspect) => !undecided.has(suspect.segment)).map((suspect) => suspect.n),
  ])
  return { last, removedSegments: removed.length, condemnedPacks }
}

async function lockSegments(q: Queryable, ids: readonly SegmentId[]): Promise<SegmentId[]> {
  const rows = await q.query<{ id: SegmentId }>(
    `SELECT id FROM segment WHERE id = ANY($1::int8[]) ORDER BY id FOR UPDATE SKIP LOCKED`,
    [ids],
  )
  return rows.map((row) => row.id)
}

export interface RemovedSegment {
  readonly id: SegmentId
  readonly pack: number
  readonly digests: Buffer
}

async function removeUnneeded(
  q: Queryable,
  locked: readonly SegmentId[],
): Promise<RemovedSegment[]> {
  return q.query(
    `DELETE FROM segment WHERE id = ANY($1::int8[])
        AND NOT EXISTS (SELECT FROM pin WHERE pin.segment = segment.id)
        AND NOT EXISTS (SELECT FROM page WHERE page.segments @> ARRAY[segment.id])
     RETURNING id, pack, digests`,
    [locked],
  )
}

async function noteRemoved(q: Queryable, removed: readonly RemovedSegment[]): Promise<void> {
  if (removed.length === 0) return
  await q.query(
    `INSERT INTO deletion (segment, pack, reason)
     SELECT segment, pack, 'nothing names it' FROM unnest($1::int8[], $2::int8[]) AS r(segment, pack)`,
    [removed.map((r) => r.id), removed.map((r) => r.pack)],
  )
  await q.query(
    `DELETE FROM damage USING unnest($1::int8[], $2::int8[]) AS r(first, beyond)
      WHERE chunk >= r.first AND chunk < r.beyond`,
    [removed.map((r) => chunkId(r.id, 0)), removed.map((r) => chunkId(r.id + 1, 0))],
  )
  await q.query(
    `DELETE FROM healed_chunk USING unnest($1::int8[], $2::int8[]) AS r(first, beyond)
      WHERE healed_by >= r.first AND healed_by < r.beyond`,
    [removed.map((r) => chunkId(r.id, 0)), removed.map((r) => chunkId(r.id + 1, 0))],
  )
}

/** Sealed packs only ever lose segments: one that is empty stays so. */
async function condemnEmpty(q: Queryable, removed: readonly RemovedSegment[]): Promise<number> {
  const packs = [...new Set(removed.map((r) => r.pack))]
  return condemnEmptyPacks(q, packs, 'its last segment was removed')
}

export async function condemnEmptyPacks(
  q: Queryable,
  packs: readonly number[],
  reason: string,
): Promise<number> {
  if (packs.length === 0) return 0
  const rows = await q.query(
    `WITH condemned AS (
       UPDATE pack SET state = 'condemned', condemned_at = now()
        WHERE id = ANY($1::int8[]) AND state IN ('sealed', 'damaged')
          AND NOT EXISTS (SELECT FROM segment WHERE segment.pack = pack.id)
       RETURNING id)
     INSERT INTO deletion (pack, reason) SELECT id, $2 FROM condemned RETURNING id`,
    [packs, reason],
  )
  return rows.length
}

/** What a suspect's segment holds may be dead in part now. */
async function letCompactionLook(
  q: Queryable,
  locked: readonly SegmentId[],
  removed: readonly RemovedSegment[],
): Promise<void> {
  await q.query(
    `UPDATE pack SET look = true WHERE NOT look AND state = 'sealed'
        AND (id = ANY($1::int8[]) OR id IN (SELECT pack FROM segment WHERE id = ANY($2::int8[])))`,
    [removed.map((r) => r.pack), locked],
  )
}

/** Of those that could not be locked: they exist, so somebody else has them at the moment. */
async function stillThere(
  q: Queryable,
  named: readonly SegmentId[],
  locked: readonly SegmentId[],
): Promise<Set<SegmentId>> {
  const had = new Set(locked)
  const rows = await q.query<{ id: SegmentId }>(
    `SELECT id FROM segment WHERE id = ANY($1::int8[])`,
    [named.filter((id) => !had.has(id))],
  )
  return new Set(rows.map((row) => row.id))
}
