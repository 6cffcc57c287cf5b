import { HoldfastError } from '../../core/model/error.ts'
import type { PointState, TransferMode } from '../../core/model/state.ts'
import type { Queryable } from './database.ts'
import { isoTime } from './time.ts'

/** A recovery point as people and scripts see it; keys as in the command line's contract. */
export interface PointView {
  readonly id: string
  /** Id of the data source. */
  readonly dataSource: string
  /** HOST/NAME. */
  readonly source: string
  /** Id of the replica version; null once a deleted point's version is gone. */
  readonly version: number | null
  readonly versionUid: string | null
  readonly sequence: number
  readonly createdAt: string
  readonly capturedAt: string | null
  readonly consistency: string
  readonly hasMemory: boolean
  readonly paused: boolean
  readonly powerState: string
  readonly state: PointState
  readonly label: string | null
  readonly comment: string | null
  readonly protected: boolean
  readonly expiresAt: string | null
  readonly lockedUntil: string | null
  readonly sizeBytes: number
  readonly changedBytes: number
  readonly sentBytes: number
  readonly storedBytes: number
  readonly verifiedAt: string | null
  readonly provenAt: string | null
  readonly parentVersion: string | null
  /** The point of that version, while there is one. */
  readonly parentPoint: string | null
  readonly deletedAt: string | null
  readonly disks: readonly PointDiskView[]
}

export interface PointDiskView {
  readonly name: string
  readonly sizeBytes: number
  readonly transferMode: TransferMode
  readonly transferReason: string | null
  readonly format: string
  /** Hexadecimal; of the first replica only. */
  readonly readChecksum: string | null
  readonly storedChecksum: string | null
  readonly unreadableBytes: number
}

/** All that is absent does not filter. Times are ISO 8601. */
export interface PointFilter {
  readonly ids?: readonly string[] | undefined
  readonly dataSource?: string | undefined
  /** Only those of these data sources. */
  readonly within?: readonly string[] | undefined
  readonly host?: string | undefined
  /** Id of a group: points of its members. */
  readonly group?: string | undefined
  /** Absent: every state but `deleted`. */
  readonly state?: string | undefined
  readonly label?: string | undefined
  readonly since?: string | undefined
  readonly until?: string | undefined
  /** Id of a point: only what comes after it in the list, for the next page. */
  readonly before?: string | undefined
  /** 0 or absent: all. */
  readonly limit?: number | undefined
  /** Deleted ones too. */
  readonly all?: boolean
}

interface PointRow {
  readonly id: string
  readonly dataSource: string
  readonly source: string
  readonly version: number | null
  readonly versionUid: string | null
  readonly sequence: number | null
  readonly createdAt: Date
  readonly capturedAt: Date | null
  readonly consistency: string | null
  readonly hasMemory: boolean | null
  readonly paused: boolean | null
  readonly powerState: string | null
  readonly state: PointState
  readonly label: string | null
  readonly comment: string | null
  readonly protected: boolean
  readonly expiresAt: Date | null
  readonly lockedUntil: Date | null
  readonly sizeBytes: number | null
  readonly changedBytes: number | null
  readonly sentBytes: number | null
  readonly storedBytes: number | null
  readonly verifiedAt: Date | null
  readonly provenAt: Date | null
  readonly parentVersion: string | null
  readonly parentPoint: string | null
  readonly deletedAt: Date | null
  readonly summary: PointView | null
}

export const LIST_POINTS = `
  SELECT p.id, p.data_source AS "dataSource", h.name || '/' || s.name AS source, p.version,
         v.uid AS "versionUid", v.sequence, p.created_at AS "createdAt",
         v.captured_at AS "capturedAt", v.consistency, v.has_memory AS "hasMemory", v.paused,
         v.power_state AS "powerState", p.state, p.label, p.comment, p.protected,
         p.expires_at AS "expiresAt", p.locked_until AS "lockedUntil",
         v.size_bytes AS "sizeBytes", v.changed_bytes AS "changedBytes",
         v.sent_bytes AS "sentBytes", v.stored_bytes AS "storedBytes",
         p.verified_at AS "verifiedAt", p.proven_at AS "provenAt",
         v.parent_version AS "parentVersion",
         (SELECT pp.id FROM version pv JOIN recovery_point pp ON pp.version = pv.id
           WHERE pv.uid = v.parent_version) AS "parentPoint",
         p.deleted_at AS "deletedAt", p.summary
    FROM recovery_point p
    JOIN data_source s ON s.id = p.data_source
    JOIN host h ON h.id = s.host
    LEFT JOIN version v ON v.id = p.version
   WHERE ($1::text[] IS NULL OR p.id = ANY ($1))
     AND ($2::text IS NULL OR p.data_source = $2)
     AND ($3::text IS NULL OR p.data_source IN (
           SELECT d.id FROM data_source d WHERE d.host = $3))
     AND CASE WHEN $4::text IS NULL THEN $8 OR p.state <> 'deleted' ELSE p.state = $4 END
     AND ($5::text IS NULL OR p.label = $5)
     AND ($6::timestamptz IS NULL OR p.created_at >= $6)
     AND ($7::timestamptz IS NULL OR p.created_at <= $7)
     AND ($10::text[] IS NULL OR p.data_source = ANY ($10))
     AND ($11::text IS NULL OR p.data_source IN (
           SELECT m.data_source FROM group_member m WHERE m.protection_group = $11))
     AND ($12::text IS NULL OR p.created_at <= (SELECT created_at FROM recovery_point WHERE id = $12)
          AND (p.created_at, coalesce(p.version, -1)) <= (
            SELECT created_at, coalesce(version, -1) FROM recovery_point WHERE id = $12)
          AND (p.id > $12 OR (p.created_at, coalesce(p.version, -1)) <> (
            SELECT created_at, coalesce(version, -1) FROM recovery_point WHERE id = $12)))
   ORDER BY p.created_at DESC, p.version DESC NULLS LAST, p.id
   LIMIT $9`

export function pointFilterValues(filter: PointFilter): unknown[] {
  return [
    filter.ids ?? null,
    filter.dataSource ?? null,
    filter.host ?? null,
    filter.state ?? null,
    filter.label ?? null,
    filter.since ?? null,
    filter.until ?? null,
    filter.all ?? false,
    filter.limit || null,
    filter.within ?? null,
    filter.group ?? null,
    filter.before ?? null,
  ]
}

/** Newest first. */
export async function listPoints(q: Queryable, filter: PointFilter): Promise<PointView[]> {
  const rows = await q.query<PointRow>(LIST_POINTS, pointFilterValues(filter))
  const versions = rows.map((row) => row.version).filter((version) => version !== null)
  const disks = await disksOfVersions(q, versions)
  return rows.map((row) => toView(row, disks.get(row.version ?? 0) ?? []))
}

/** Deleted ones too. Throws 'not-found'. */
export async function getPoint(q: Queryable, id: string): Promise<PointView> {
  const [point] = await listPoints(q, { ids: [id], all: true })
  if (point) return point
  throw new HoldfastError('not-found', `there is no recovery point ${id}`, {
    hint: '`holdfast point list` shows all; a point is named by its id or HOST/NAME@latest.',
  })
}

/** The newest that is not deleted. */
export async function findLatestPoint(
  q: Queryable,
  dataSource: string,
): Promise<string | undefined> {
  const [row] = await q.query<{ id: string }>(
    `SELECT id FROM recovery_point WHERE data_source = $1 AND state <> 'deleted'
      ORDER BY created_at DESC, version DESC NULLS LAST LIMIT 1`,
    [dataSource],
  )
  return row?.id
}

interface DiskRow extends PointDiskView {
  readonly version: number
  readonly unreadable: readonly number[]
}

async function disksOfVersions(
  q: Queryable,
  versions: readonly number[],
): Promise<Map<number, PointDiskView[]>> {
  const rows = await q.query<DiskRow>(
    `SELECT vd.version, d.name, vd.size_bytes AS "sizeBytes", vd.transfer_mode AS "transferMode",
            vd.transfer_reason AS "transferReason", vd.format, vd.unreadable,
            encode(vd.read_checksum, 'hex') AS "readChecksum",
            encode(vd.stored_checksum, 'hex') AS "storedChecksum"
       FROM version_disk vd JOIN disk d ON d.id = vd.disk
      WHERE vd.version = ANY ($1::int8[]) ORDER BY vd.version, vd.ordinal`,
    [versions],
  )
  const byVersion = new Map<number, PointDiskView[]>()
  for (const { version, unreadable, ...disk } of rows) {
    const list = byVersion.get(version) ?? []
    byVersion.set(version, list)
    // offset, length, offset, length, …
    const unreadableBytes = unreadable.reduce((sum, n, i) => (i % 2 === 1 ? sum + n : sum), 0)
    list.push({ ...disk, unreadableBytes })
  }
  return byVersion
}

/** What the version said outlives it in the summary that the deletion wrote. */
function toView(row: PointRow, disks: readonly PointDiskView[]): PointView {
  const { summary, ...rest } = row
  const kept = row.version === null && summary !== null ? summary : undefined
  return {
    ...rest,
    version: kept?.version ?? row.version,
    versionUid: kept?.versionUid ?? row.versionUid,
    sequence: kept?.sequence ?? row.sequence ?? 0,
    createdAt: isoTime(row.createdAt),
    capturedAt: kept?.capturedAt ?? isoTime(row.capturedAt),
    consistency: kept?.consistency ?? row.consistency ?? '',
    hasMemory: kept?.hasMemory ?? row.hasMemory ?? false,
    paused: kept?.paused ?? row.paused ?? false,
    powerState: kept?.powerState ?? row.powerState ?? 'none',
    expiresAt: isoTime(row.expiresAt),
    lockedUntil: isoTime(row.lockedUntil),
    sizeBytes: kept?.sizeBytes ?? row.sizeBytes ?? 0,
    changedBytes: kept?.changedBytes ?? row.changedBytes ?? 0,
    sentBytes: kept?.sentBytes ?? row.sentBytes ?? 0,
    storedBytes: kept?.storedBytes ?? row.storedBytes ?? 0,
    verifiedAt: isoTime(row.verifiedAt),
    provenAt: isoTime(row.provenAt),
    parentVersion: kept?.parentVersion ?? row.parentVersion,
    deletedAt: isoTime(row.deletedAt),
    disks: kept?.disks ?? disks,
  }
}
