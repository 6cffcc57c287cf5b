import type { Queryable } from './database.ts'

/** Both ends of a report: from the one on, up to the other. */
export interface Span {
  readonly since: Date
  readonly until: Date
}

/** One data source in a report. */
export interface ReportedSource {
  readonly source: string
  readonly group: string | null
  readonly replicaState: string
  /** Its first point, there or not. */
  readonly protectedSince: Date | null
  /** Its newest good point, of those up to the end. */
  readonly lastPointAt: Date | null
  readonly points: number
  readonly pointsMade: number
  readonly failures: number
}

/** By name. What was derived is no source of its own to protect. */
export function reportedSources(q: Queryable, { since, until }: Span): Promise<ReportedSource[]> {
  return q.query(
    `SELECT h.name || '/' || s.name AS source, g.name AS "group", s.replica_state AS "replicaState",
            p.first AS "protectedSince", p.last AS "lastPointAt", p.there AS points,
            p.made AS "pointsMade", j.failures
       FROM data_source s JOIN host h ON h.id = s.host
       LEFT JOIN group_member m ON m.data_source = s.id
       LEFT JOIN protection_group g ON g.id = m.protection_group,
            LATERAL (SELECT min(created_at) AS first,
                            max(created_at) FILTER (WHERE state = 'ready' AND created_at < $2) AS last,
                            count(*) FILTER (WHERE state <> 'deleted')::int AS there,
                            count(*) FILTER (WHERE created_at >= $1 AND created_at < $2)::int AS made
                       FROM recovery_point WHERE data_source = s.id) AS p,
            LATERAL (SELECT count(*)::int AS failures FROM job
                      WHERE data_source = s.id AND state = 'failed'
                        AND finished_at >= $1 AND finished_at < $2) AS j
      WHERE s.kind <> 'derived' ORDER BY 1`,
    [since, until],
  )
}

/** Space by protection group. */
export interface ReportedGroup {
  /** Null: what is in none. */
  readonly group: string | null
  readonly sources: number
  readonly points: number
  readonly logicalBytes: number
  readonly storedBytes: number
  readonly addedBytes: number
}

/** By name, what is in no group last. */
export function reportedGroups(q: Queryable, { since, until }: Span): Promise<ReportedGroup[]> {
  return q.query(
    `SELECT g.name AS "group", count(DISTINCT s.id)::int AS sources, count(p.id)::int AS points,
            coalesce(sum(v.size_bytes), 0)::int8 AS "logicalBytes",
            coalesce(sum(v.stored_bytes), 0)::int8 AS "storedBytes",
            coalesce(sum(v.stored_bytes) FILTER (
              WHERE p.created_at >= $1 AND p.created_at < $2), 0)::int8 AS "addedBytes"
       FROM data_source s LEFT JOIN group_member m ON m.data_source = s.id
       LEFT JOIN protection_group g ON g.id = m.protection_group
       LEFT JOIN recovery_point p ON p.data_source = s.id AND p.state <> 'deleted'
       LEFT JOIN version v ON v.id = p.version
      GROUP BY g.id, g.name ORDER BY g.name NULLS LAST`,
    [since, until],
  )
}
