import { HoldfastError } from '../../core/model/error.ts'
import type { ReplicaState } from '../../core/model/state.ts'
import type { Queryable } from './database.ts'
import { pointsOf } from './point-tally.ts'
import { listPoints, type PointView } from './points.ts'

/** A data source as people and scripts see it. */
export interface SourceView {
  readonly id: string
  /** HOST/NAME. */
  readonly name: string
  readonly hostId: string
  readonly host: string
  readonly kind: string
  readonly state: 'present' | 'missing'
  readonly replicaState: ReplicaState
  readonly replicaReason: string | null
  /** Name of the protection group that it is in. */
  readonly group: string | null
  readonly lastPoint: PointView | null
  readonly disks: readonly SourceDiskView[]
  readonly allowUnsettled: boolean
  /** Who sees it in the self-service; '': nobody. */
  readonly owner: string
  readonly tenant: string
  /** Of a VM, by its declaration: rules of groups may go by them. */
  readonly tags: readonly string[]
  /** Id of the point that it was last restored from. */
  readonly currentBranchOf: string | null
  /** Of a VM; '' otherwise. */
  readonly powerState: string
  readonly firmware: string
  /** Its identity, wherever it runs. */
  readonly uuid: string
  readonly points: number
}

export interface SourceDiskView {
  readonly name: string
  readonly format: string
  readonly sizeBytes: number
  readonly protected: boolean
  /** Why it is not protected; null when it is. */
  readonly reason: string | null
}

export interface SourceFilter {
  readonly ids?: readonly string[] | undefined
  readonly host?: string | undefined
  /** Only those in no protection group; where there is no group at all, those without a point. */
  readonly unprotected?: boolean
}

interface SourceRow extends Omit<SourceView, 'lastPoint' | 'disks'> {
  readonly lastPoint: string | null
}

/** By name. */
export async function listSources(q: Queryable, filter: SourceFilter): Promise<SourceView[]> {
  const rows = await q.query<SourceRow>(
    `SELECT s.id, h.name || '/' || s.name AS name, h.id AS "hostId", h.name AS host, s.kind,
            CASE WHEN s.present THEN 'present' ELSE 'missing' END AS state,
            s.replica_state AS "replicaState", s.replica_reason AS "replicaReason", g.name AS "group",
            s.owner, s.tenant, s.tags, s.allow_unsettled AS "allowUnsettled", s.power_state AS "powerState", s.firmware, s.uuid, last.id AS "lastPoint",
            (SELECT bp.id FROM version bv JOIN recovery_point bp ON bp.version = bv.id
              WHERE bv.uid = s.branch_of) AS "currentBranchOf",
            ${pointsOf('s.id')} AS points
       FROM data_source s
       JOIN host h ON h.id = s.host
       LEFT JOIN group_member gm ON gm.data_source = s.id
       LEFT JOIN protection_group g ON g.id = gm.protection_group
       LEFT JOIN LATERAL (
         SELECT id FROM recovery_point p WHERE p.data_source = s.id AND p.state <> 'deleted'
          ORDER BY created_at DESC, version DESC NULLS LAST LIMIT 1) AS last ON true
      WHERE ($1::text[] IS NULL OR s.id = ANY ($1))
        AND ($2::text IS NULL OR s.host = $2)
        AND (NOT $3::boolean OR CASE WHEN EXISTS (SELECT FROM protection_group)
               THEN g.id IS NULL AND s.kind <> 'derived' ELSE last.id IS NULL END)
      ORDER BY h.name, s.name`,
    [filter.ids ?? null, filter.host ?? null, filter.unprotected ?? false],
  )
  return withDetails(q, rows)
}

export async function getSource(q: Queryable, id: string): Promise<SourceView> {
  const [source] = await listSources(q, { ids: [id] })
  if (source) return source
  throw new HoldfastError('not-found', `there is no data source ${id}`, {
    hint: '`holdfast source list` shows all.',
  })
}

async function withDetails(q: Queryable, rows: readonly SourceRow[]): Promise<SourceView[]> {
  const last = rows.map((row) => row.lastPoint).filter((id) => id !== null)
  const points = new Map((await listPoints(q, { ids: last })).map((point) => [point.id, point]))
  const disks = await disksOf(
    q,
    rows.map((row) => row.id),
  )
  return rows.map((row) => ({
    ...row,
    lastPoint: points.get(row.lastPoint ?? '') ?? null,
    disks: disks.get(row.id) ?? [],
  }))
}

interface DiskRow {
  readonly dataSource: string
  readonly name: string
  readonly format: string
  readonly sizeBytes: number
  readonly present: boolean
  readonly protectable: boolean
  readonly reason: string | null
  /** The newest version has it. */
  readonly held: boolean
  readonly hasVersion: boolean
}

/** Also those that vanished, as long as the newest version has them. */
async function disksOf(
  q: Queryable,
  sources: readonly string[],
): Promise<Map<string, SourceDiskView[]>> {
  const rows = await q.query<DiskRow>(
    `SELECT d.data_source AS "dataSource", d.name, d.format, d.size_bytes AS "sizeBytes", d.present,
            d.protectable, d.reason, newest.id IS NOT NULL AS "hasVersion",
            EXISTS (SELECT FROM version_disk vd
                     WHERE vd.version = newest.id AND vd.disk = d.id) AS held
       FROM disk d
       LEFT JOIN LATERAL (
         SELECT id FROM version v WHERE v.data_source = d.data_source AND v.state = 'committed'
          ORDER BY id DESC LIMIT 1) AS newest ON true
      WHERE d.data_source = ANY ($1::text[]) ORDER BY d.id`,
    [sources],
  )
  const bySource = new Map<string, SourceDiskView[]>()
  for (const row of rows) {
    if (!row.present && !row.held) continue
    const list = bySource.get(row.dataSource) ?? []
    bySource.set(row.dataSource, list)
    const { name, format, sizeBytes, held } = row
    list.push({ name, format, sizeBytes, protected: held, reason: reasonOf(row) })
  }
  return bySource
}

function reasonOf(disk: DiskRow): string | null {
  if (!disk.present) return 'disk-vanished'
  if (!disk.protectable) return disk.reason ?? 'not-protectable'
  if (disk.held) return null
  return disk.hasVersion ? 'new-disk' : 'no-recovery-point'
}

export interface PresentDisk {
  readonly name: string
  readonly protectable: boolean
  readonly reason: string | null
}

/** Disks that the hosts offer now, by data source. */
export async function listPresentDisks(
  q: Queryable,
  sources: readonly string[],
): Promise<Map<string, PresentDisk[]>> {
  const rows = await q.query<PresentDisk & { readonly source: string }>(
    `SELECT data_source AS source, name, protectable, reason FROM disk
      WHERE data_source = ANY ($1::text[]) AND present ORDER BY id`,
    [sources],
  )
  return Map.groupBy(rows, ({ source }) => source)
}

export async function setAllowUnsettled(q: Queryable, id: string, allow: boolean): Promise<void> {
  await q.query(`UPDATE data_source SET allow_unsettled = $2 WHERE id = $1`, [id, allow])
}

export async function setPeople(
  q: Queryable,
  id: string,
  { owner, tenant }: { readonly owner: string; readonly tenant: string },
): Promise<void> {
  await q.query(`UPDATE data_source SET owner = $2, tenant = $3 WHERE id = $1`, [id, owner, tenant])
}

/** Marked missing until the new owner's next inventory offers it. */
export async function setOwner(q: Queryable, id: string, host: string): Promise<void> {
  await q.query(
    `UPDATE data_source SET host = $2, key = '', present = false WHERE id = $1 AND host <> $2`,
    [id, host],
  )
}
