import type { ChangeFigures } from '../../core/model/suspicious-change.ts'
import type { Queryable } from './database.ts'

export interface NewVersion extends ChangeFigures {
  readonly id: number
  readonly uid: string
  readonly dataSource: string
  /** HOST/NAME. */
  readonly name: string
}

const FIGURES = `sum(vd.size_bytes)::int8 AS "sizeBytes", sum(vd.changed_bytes)::int8 AS "changedBytes",
  sum(vd.sent_bytes)::int8 AS "sentBytes"`

/** A first replica of a disk, or one that is another size, is no change. */
const CHANGES = `vd.transfer_mode IN ('tracked', 'compared')
  AND coalesce(vd.transfer_reason, '') NOT IN ('size-changed', 'format-changed', 'stored-copy-damaged')`

/** Committed after this one and within so many days, the oldest first. */
export async function versionsAfter(
  q: Queryable,
  id: number,
  days: number,
  limit: number,
): Promise<NewVersion[]> {
  return q.query(
    `SELECT v.id, v.uid, v.data_source AS "dataSource", h.name || '/' || s.name AS name, ${FIGURES}
       FROM version v JOIN data_source s ON s.id = v.data_source JOIN host h ON h.id = s.host
       JOIN version_disk vd ON vd.version = v.id AND ${CHANGES}
      WHERE v.id > $1 AND v.state = 'committed'
        AND v.committed_at > now() - make_interval(days => $2)
      GROUP BY v.id, h.name, s.name ORDER BY v.id LIMIT $3`,
    [id, days, limit],
  )
}

/** The newest ones of a data source before this one. */
export async function changesBefore(
  q: Queryable,
  { dataSource, id }: Pick<NewVersion, 'dataSource' | 'id'>,
  limit: number,
): Promise<ChangeFigures[]> {
  return q.query(
    `SELECT ${FIGURES}
       FROM (SELECT id FROM version WHERE data_source = $1 AND id < $2 AND state = 'committed'
              ORDER BY id DESC LIMIT $3) AS v
       JOIN version_disk vd ON vd.version = v.id AND ${CHANGES} GROUP BY v.id`,
    [dataSource, id, limit],
  )
}

/** Data sources that are said to change strangely, since so many days ago or longer. */
export async function oldSuspicions(q: Queryable, days: number): Promise<{ object: string }[]> {
  return q.query(
    `SELECT object FROM alert WHERE type = 'suspicious-change' AND state <> 'resolved'
        AND last_seen_at < now() - make_interval(days => $1)`,
    [days],
  )
}
