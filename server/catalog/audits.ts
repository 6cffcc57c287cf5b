import type { Queryable } from './database.ts'

export interface AuditState {
  /** Milliseconds since it was last read whole; null: never. */
  readonly ageMs: number | null
  readonly isDistrusted: boolean
}

export async function readAuditState(q: Queryable, disk: number): Promise<AuditState> {
  const [row] = await q.query<AuditState>(
    `SELECT (extract(epoch FROM now() - audited_at) * 1000)::float8 AS "ageMs",
            is_distrusted AS "isDistrusted"
       FROM disk WHERE id = $1`,
    [disk],
  )
  return row ?? { ageMs: null, isDistrusted: false }
}

/** Its change record said "unchanged" of what had changed: the next transfer reads everything. */
export async function distrustDisk(q: Queryable, disk: number): Promise<void> {
  await q.query(`UPDATE disk SET is_distrusted = true WHERE id = $1`, [disk])
}

/** The version `sequence` holds what the disk held, byte by byte. */
export async function noteAudit(q: Queryable, disk: number, sequence: number): Promise<void> {
  await q.query(
    `UPDATE disk SET audited_at = now(), audited_sequence = $2, is_distrusted = false WHERE id = $1`,
    [disk, sequence],
  )
}

/**
 * Points after the disk's last audit and before `sequence` may lack what its change record missed.
 * Gives their ids.
 */
export async function suspectPoints(
  q: Queryable,
  disk: number,
  sequence: number,
): Promise<string[]> {
  const rows = await q.query<{ id: string }>(
    `UPDATE recovery_point p SET state = 'suspect'
       FROM version v, version_disk vd, disk
      WHERE v.id = p.version AND vd.version = v.id AND vd.disk = disk.id AND disk.id = $1
        AND v.data_source = disk.data_source AND vd.transfer_mode = 'tracked'
        AND v.sequence > disk.audited_sequence AND v.sequence < $2 AND p.state = 'ready'
      RETURNING p.id`,
    [disk, sequence],
  )
  return rows.map(({ id }) => id)
}
