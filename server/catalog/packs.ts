import { HoldfastError } from '../../core/model/error.ts'
import type { Fence } from './fence.ts'
import type { Queryable } from './database.ts'

export interface AnnouncedPack {
  readonly id: number
  readonly firstSegment: number
}

/** Ids that are reserved for a pack's segments; the sequence steps by as many. */
export const SEGMENTS_OF_A_PACK = 64

/** Before the file exists: an orphan is known without listing folders. */
export async function announcePack(
  q: Queryable,
  pack: { name: string; volume: string; generation: number },
  fence: Fence,
): Promise<AnnouncedPack> {
  const [row] = await q.query<AnnouncedPack>(
    `INSERT INTO pack (name, volume, state, first_segment, job, epoch, generation)
     SELECT $1, volume.id, 'writing', nextval('segment_id'), $3, $4, $5
       FROM volume WHERE volume.uid = $2
     RETURNING id, first_segment AS "firstSegment"`,
    [pack.name, pack.volume, fence.job, fence.epoch, pack.generation],
  )
  if (!row) throw new Error(`volume ${pack.volume} is not in the catalog`)
  return row
}

/** Refused when the pack was condemned meanwhile: what is condemned never returns. */
export async function markPackSealed(q: Queryable, pack: number, bytes: number): Promise<void> {
  const rows = await q.query(
    `UPDATE pack SET state = 'sealed', bytes = $2 WHERE id = $1 AND state = 'writing' RETURNING id`,
    [pack, bytes],
  )
  if (rows.length === 0)
    throw new HoldfastError('job-fenced', `pack ${pack} was condemned before it was sealed`)
}

/** Its file holds nothing that a row names. */
export async function condemnPack(q: Queryable, pack: number, reason: string): Promise<void> {
  await q.query(
    `WITH condemned AS (
       UPDATE pack SET state = 'condemned', condemned_at = now()
        WHERE id = $1 AND state IN ('writing', 'sealed', 'damaged') RETURNING id)
     INSERT INTO deletion (pack, reason) SELECT id, $2 FROM condemned`,
    [pack, reason],
  )
}
