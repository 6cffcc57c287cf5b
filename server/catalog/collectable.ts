import type { Queryable } from './database.ts'

/** What collection finds to do; each list is short-lived advice, decided again under locks. */

export interface OverduePoint {
  readonly id: string
  readonly deletedAt: Date
  readonly deletedBy: string | null
  readonly deletionReason: string | null
  readonly stateBefore: string | null
}

/** Deleted points whose undo time ended before `deletedBefore` and that still keep their version. */
export async function listOverduePoints(
  q: Queryable,
  deletedBefore: Date,
): Promise<OverduePoint[]> {
  return q.query(
    `SELECT id, deleted_at AS "deletedAt", deleted_by AS "deletedBy",
            deletion_reason AS "deletionReason", state_before AS "stateBefore"
       FROM recovery_point
      WHERE state = 'deleted' AND deleted_at < $1 AND version IS NOT NULL ORDER BY deleted_at`,
    [deletedBefore],
  )
}

/** From here on nothing brings the point back; false when somebody did so just now. */
export async function releasePoint(
  q: Queryable,
  id: string,
  deletedBefore: Date,
  summary: unknown,
): Promise<boolean> {
  const rows = await q.query(
    `UPDATE recovery_point SET version = NULL, summary = $3
      WHERE id = $1 AND state = 'deleted' AND deleted_at < $2 AND version IS NOT NULL RETURNING id`,
    [id, deletedBefore, JSON.stringify(summary)],
  )
  return rows.length > 0
}

export interface UnkeptVersion {
  readonly id: number
  readonly uid: string
}

/** Committed versions that no point keeps, nobody reads and that are not their source's newest. */
export async function listUnkeptVersions(
  q: Queryable,
  after: number,
  limit: number,
): Promise<UnkeptVersion[]> {
  return q.query(
    `SELECT id, uid FROM version
      WHERE state = 'committed' AND id > $1
        AND NOT EXISTS (SELECT FROM recovery_point WHERE recovery_point.version = version.id)
        AND NOT EXISTS (SELECT FROM hold WHERE hold.version = version.id)
        AND EXISTS (SELECT FROM version later WHERE later.data_source = version.data_source
                       AND later.id > version.id AND later.state = 'committed')
      ORDER BY id LIMIT $2`,
    [after, limit],
  )
}

/** Manifests of removed versions that may still be in the store. */
export async function listLeftManifests(q: Queryable): Promise<{ id: number; manifest: string }[]> {
  return q.query(`SELECT id, manifest FROM deletion WHERE manifest IS NOT NULL ORDER BY id`)
}

export async function markManifestRemoved(q: Queryable, id: number): Promise<void> {
  await q.query(`UPDATE deletion SET manifest = NULL WHERE id = $1`, [id])
}

/**
 * Open transfers that nobody touched since `touchedBefore` and whose job does not run, locked
 * against being taken up again.
 */
export async function lockForgottenTransfers(
  q: Queryable,
  touchedBefore: Date,
): Promise<{ id: string }[]> {
  return q.query(
    `SELECT id FROM transfer
      WHERE state = 'open' AND touched_at < $1
        AND NOT EXISTS (SELECT FROM job WHERE job.id = transfer.job
                           AND job.state IN ('queued', 'running'))
      ORDER BY id LIMIT 20 FOR UPDATE SKIP LOCKED`,
    [touchedBefore],
  )
}

/** Packs announced by runs that are over: their files are nobody's. Gives how many. */
export async function condemnOrphanedPacks(q: Queryable): Promise<number> {
  const locked = await q.query<{ id: number }>(
    `SELECT id FROM pack WHERE state = 'writing' ORDER BY id FOR UPDATE SKIP LOCKED`,
  )
  // A new statement: the run that seals it holds its job's row, and is seen here or refused there.
  const rows = await q.query(
    `WITH condemned AS (
       UPDATE pack SET state = 'condemned', condemned_at = now()
        WHERE id = ANY($1::int8[]) AND state = 'writing'
          AND NOT EXISTS (SELECT FROM job WHERE job.id = pack.job AND job.epoch = pack.epoch
                             AND job.state = 'running')
          AND NOT EXISTS (SELECT FROM segment WHERE segment.pack = pack.id)
       RETURNING id)
     INSERT INTO deletion (pack, reason) SELECT id, 'the run that wrote it is over' FROM condemned
     RETURNING id`,
    [locked.map((row) => row.id)],
  )
  return rows.length
}

export interface CondemnedPack {
  readonly id: number
  readonly name: string
  readonly volume: string
  readonly bytes: number
}

export async function listCondemnedPacks(
  q: Queryable,
  after: number,
  limit: number,
): Promise<CondemnedPack[]> {
  return q.query(
    `SELECT pack.id, pack.name, volume.uid AS volume, pack.bytes
       FROM pack JOIN volume ON volume.id = pack.volume
      WHERE pack.state = 'condemned' AND pack.id > $1 ORDER BY pack.id LIMIT $2`,
    [after, limit],
  )
}

export async function markTrashed(q: Queryable, pack: number, at: Date): Promise<void> {
  await q.query(
    `UPDATE pack SET state = 'trash', trashed_at = $2 WHERE id = $1 AND state = 'condemned'`,
    [pack, at],
  )
}

export async function markGone(q: Queryable, trashedBefore: Date): Promise<void> {
  await q.query(`UPDATE pack SET state = 'gone' WHERE state = 'trash' AND trashed_at < $1`, [
    trashedBefore,
  ])
}
