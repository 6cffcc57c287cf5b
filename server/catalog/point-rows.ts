import { HoldfastError } from '../../core/model/error.ts'
import type { PointState } from '../../core/model/state.ts'
import type { Queryable } from './database.ts'
import { readerOf } from './readers.ts'

/** A point as a change of it needs it; its row is locked until the transaction ends. */
export interface LockedPoint {
  readonly id: string
  readonly version: number | null
  readonly versionUid: string | null
  readonly sequence: number | null
  readonly dataSource: string
  readonly sourceKind: string
  readonly source: string
  readonly state: PointState
  readonly stateBefore: PointState | null
  readonly label: string | null
  readonly comment: string | null
  readonly protected: boolean
  readonly expiresAt: Date | null
  readonly lockedUntil: Date | null
  readonly verifiedAt: Date | null
  readonly provenAt: Date | null
  readonly createdAt: Date
  readonly deletedAt: Date | null
  readonly deletedBy: string | null
  readonly deletionReason: string | null
  readonly isLocked: boolean
}

/** The data source first: two deletions of its points look one after the other. */
export async function lockPoint(q: Queryable, id: string): Promise<LockedPoint> {
  await q.query(
    `SELECT FROM data_source WHERE id = (SELECT data_source FROM recovery_point WHERE id = $1)
        FOR NO KEY UPDATE`,
    [id],
  )
  const [point] = await q.query<LockedPoint>(
    `SELECT p.id, p.version, v.uid AS "versionUid", v.sequence, p.data_source AS "dataSource",
            s.kind AS "sourceKind", h.name || '/' || s.name AS source, p.state,
            p.state_before AS "stateBefore", p.label, p.comment, p.protected,
            p.expires_at AS "expiresAt", p.locked_until AS "lockedUntil",
            p.verified_at AS "verifiedAt", p.proven_at AS "provenAt", p.created_at AS "createdAt",
            p.deleted_at AS "deletedAt", p.deleted_by AS "deletedBy",
            p.deletion_reason AS "deletionReason",
            coalesce(p.locked_until > now(), false) AS "isLocked"
       FROM recovery_point p
       JOIN data_source s ON s.id = p.data_source JOIN host h ON h.id = s.host
       LEFT JOIN version v ON v.id = p.version
      WHERE p.id = $1 FOR UPDATE OF p`,
    [id],
  )
  if (point) return point
  throw new HoldfastError('not-found', `there is no recovery point ${id}`, {
    hint: '`holdfast point list` shows all.',
  })
}

/** What of a point's row changes. */
export type PointChange = Partial<
  Pick<
    LockedPoint,
    | 'state'
    | 'stateBefore'
    | 'label'
    | 'comment'
    | 'protected'
    | 'deletedAt'
    | 'deletedBy'
    | 'deletionReason'
  >
> & { readonly summary?: unknown }

const COLUMN_OF: Record<keyof PointChange, string> = {
  state: 'state',
  stateBefore: 'state_before',
  label: 'label',
  comment: 'comment',
  protected: 'protected',
  deletedAt: 'deleted_at',
  deletedBy: 'deleted_by',
  deletionReason: 'deletion_reason',
  summary: 'summary',
}

export async function updatePoint(q: Queryable, id: string, change: PointChange): Promise<void> {
  const entries = Object.entries(change) as [keyof PointChange, unknown][]
  const columns = entries.map(([key], i) => `${COLUMN_OF[key]} = $${i + 2}`)
  const values = entries.map(([key, value]) =>
    key === 'summary' && value !== null ? JSON.stringify(value) : value,
  )
  await q.query(`UPDATE recovery_point SET ${columns.join(', ')} WHERE id = $1`, [id, ...values])
}

/** Who reads the version: jobs under way, with their kind, and readers without a job. */
export async function readersOf(
  q: Queryable,
  version: number,
): Promise<{ id: string; kind: string | null }[]> {
  const rows = await q.query<{ holder: string; kind: string | null; state: string | null }>(
    `SELECT hold.holder, j.kind, j.state FROM hold LEFT JOIN job j ON j.id = hold.holder
      WHERE hold.version = $1 ORDER BY hold.holder`,
    [version],
  )
  return rows.flatMap(({ holder, kind, state }) => {
    if (state === 'queued' || state === 'running') return [{ id: holder, kind }]
    const reader = readerOf(holder)
    return reader === undefined ? [] : [{ id: reader, kind: null }]
  })
}

/** How good a point is to recover from; lower is better. */
const RANK = `CASE state WHEN 'ready' THEN 0 WHEN 'partial' THEN 1 WHEN 'suspect' THEN 1 ELSE 2 END`

/** Has the data source another point that is at least as good? */
export async function hasAnotherGoodPoint(q: Queryable, point: LockedPoint): Promise<boolean> {
  const rows = await q.query(
    `SELECT 1 FROM recovery_point
      WHERE data_source = $1 AND id <> $2 AND state <> 'deleted'
        AND ${RANK} <= (SELECT ${RANK} FROM recovery_point WHERE id = $2) LIMIT 1`,
    [point.dataSource, point.id],
  )
  return rows.length > 0
}

/** Is anything that the version's maps name known to be damaged? */
export async function isDamaged(q: Queryable, version: number): Promise<boolean> {
  const rows = await q.query(
    `SELECT 1 FROM version_disk vd
       JOIN damage ON true
       JOIN page p ON p.disk = vd.disk AND p.version <= vd.version
                  AND p.segments @> ARRAY[damage.chunk >> 10]
      CROSS JOIN LATERAL unnest(p.runs) AS code
      WHERE vd.version = $1
        AND NOT EXISTS (SELECT FROM page w WHERE w.disk = p.disk AND w.page = p.page
                           AND w.version > p.version AND w.version <= vd.version)
        AND damage.chunk >= code >> 11 AND damage.chunk < (code >> 11) + (code & 2047)
      LIMIT 1`,
    [version],
  )
  return rows.length > 0
}
