import type { Consistency, ReplicaState } from '../../core/model/state.ts'
import type { Queryable } from './database.ts'

interface NamedSource {
  readonly id: string
  /** HOST/NAME. */
  readonly name: string
}

export async function sourcesInState(
  q: Queryable,
  state: ReplicaState,
): Promise<(NamedSource & { readonly reason: string | null })[]> {
  return q.query(
    `SELECT s.id, h.name || '/' || s.name AS name, s.replica_reason AS reason
       FROM data_source s JOIN host h ON h.id = s.host
      WHERE s.replica_state = $1 AND s.kind <> 'derived' ORDER BY 2`,
    [state],
  )
}

export interface ProtectedSource extends NamedSource {
  readonly group: string
  readonly memberSince: Date
  /** Of its newest point that can be recovered; null: there is none. */
  readonly lastPointAt: Date | null
}

/** Members whose first replica is there: from here on points are due. */
export async function protectedSources(q: Queryable): Promise<ProtectedSource[]> {
  return q.query(
    `SELECT s.id, h.name || '/' || s.name AS name, m.protection_group AS "group",
            m.added_at AS "memberSince", p.created_at AS "lastPointAt"
       FROM group_member m
       JOIN data_source s ON s.id = m.data_source JOIN host h ON h.id = s.host
       LEFT JOIN LATERAL (
         SELECT created_at FROM recovery_point
          WHERE data_source = s.id AND state IN ('ready', 'partial', 'suspect')
          ORDER BY created_at DESC LIMIT 1) AS p ON true
      WHERE EXISTS (SELECT FROM version v WHERE v.data_source = s.id AND v.state = 'committed')
      ORDER BY 2`,
  )
}

/** Of so many versions the disks are looked at. */
const LOOK_BACK = 8

export interface ComparedDisk extends NamedSource {
  readonly disk: string
  /** The newest. */
  readonly reason: string
  readonly versionUid: string
}

/**
 * Disks whose changes are tracked in principle, but that were read whole each of the last `times`
 * times, checks and audits not counted.
 */
export async function comparedDisks(q: Queryable, times: number): Promise<ComparedDisk[]> {
  return q.query(
    `WITH newest AS (
       SELECT s.id AS source, vd.disk, v.uid, vd.transfer_mode, vd.transfer_reason,
              row_number() OVER (PARTITION BY s.id, vd.disk ORDER BY v.id DESC) AS n
         FROM data_source s
         CROSS JOIN LATERAL (
           SELECT id, uid FROM version WHERE data_source = s.id AND state = 'committed'
            ORDER BY id DESC LIMIT $2) AS v
         JOIN version_disk vd ON vd.version = v.id
        WHERE s.present AND s.kind <> 'derived'
          AND coalesce(vd.transfer_reason, '') NOT IN ('consistency-check', 'scheduled-audit'))
     SELECT s.id, h.name || '/' || s.name AS name, d.name AS disk,
            max(n.transfer_reason) FILTER (WHERE n.n = 1) AS reason,
            max(n.uid) FILTER (WHERE n.n = 1) AS "versionUid"
       FROM newest n
       JOIN data_source s ON s.id = n.source JOIN host h ON h.id = s.host
       JOIN disk d ON d.id = n.disk
      WHERE n.n <= $1
      GROUP BY s.id, h.name, s.name, d.id, d.name
     HAVING count(*) = $1
        AND bool_and(n.transfer_mode = 'compared' AND n.transfer_reason <> 'no-tracker')
      ORDER BY 2, 3`,
    [times, LOOK_BACK],
  )
}

export interface CapturedSource extends NamedSource {
  readonly consistency: Consistency
  readonly wanted: string
  readonly versionUid: string
  /** What the newest job said of it. */
  readonly warnings: readonly string[]
}

/** Members whose newest version is of a running VM, with what their group wants of those. */
export async function runningCaptures(q: Queryable): Promise<CapturedSource[]> {
  return q.query(
    `SELECT s.id, h.name || '/' || s.name AS name, v.consistency, v.uid AS "versionUid",
            coalesce(g.settings->>'consistency', 'application') AS wanted,
            coalesce((SELECT j.warnings FROM job j
                       WHERE j.data_source = s.id AND j.result->>'versionUid' = v.uid
                       ORDER BY j.queued_at DESC LIMIT 1), '{}') AS warnings
       FROM group_member m
       JOIN protection_group g ON g.id = m.protection_group
       JOIN data_source s ON s.id = m.data_source JOIN host h ON h.id = s.host
       JOIN LATERAL (
         SELECT consistency, uid, power_state FROM version
          WHERE data_source = s.id AND state = 'committed' ORDER BY id DESC LIMIT 1) AS v
         ON v.power_state = 'running'
      ORDER BY 2`,
  )
}

export interface StoppedSource extends NamedSource {
  readonly stoppedBy: string
  readonly left: number
}

/** Data sources whose points somebody wanted gone, and that have some still. */
export async function pointsLeftBehind(q: Queryable): Promise<StoppedSource[]> {
  return q.query(
    `SELECT s.id, h.name || '/' || s.name AS name, p.stopped_by AS "stoppedBy",
            count(r.id)::int AS left
       FROM stopped_protection p
       JOIN data_source s ON s.id = p.data_source JOIN host h ON h.id = s.host
       JOIN recovery_point r ON r.data_source = s.id AND r.state <> 'deleted'
        AND r.created_at <= p.stopped_at
      WHERE p.points = 'deleted' GROUP BY s.id, h.name, s.name, p.stopped_by ORDER BY 2`,
  )
}
