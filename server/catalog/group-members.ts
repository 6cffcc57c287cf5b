import type { Matchable } from '../../core/model/group/match-rule.ts'
import { DEFAULT_SETTINGS, type GroupSettings } from '../../core/model/group/settings.ts'
import type { ReplicaState } from '../../core/model/state.ts'
import type { Queryable } from './database.ts'

/** A member of a group, and of its data source what the schedule needs. */
export interface MemberRow {
  readonly dataSource: string
  readonly group: string
  readonly byRule: boolean
  /** HOST/NAME. */
  readonly source: string
  readonly host: string
  readonly present: boolean
  readonly replicaState: ReplicaState
  readonly hasVersion: boolean
  readonly initialAt: Date | null
  readonly pointsUntil: Date
  readonly syncsUntil: Date
  readonly checksUntil: Date
}

const MEMBERS = `
  SELECT m.data_source AS "dataSource", m.protection_group AS "group", m.by_rule AS "byRule",
         h.name || '/' || s.name AS source, s.host, s.present, s.replica_state AS "replicaState",
         EXISTS (SELECT FROM version v WHERE v.data_source = s.id AND v.state = 'committed')
           AS "hasVersion",
         m.initial_at AS "initialAt", m.points_until AS "pointsUntil",
         m.syncs_until AS "syncsUntil", m.checks_until AS "checksUntil"
    FROM group_member m
    JOIN data_source s ON s.id = m.data_source JOIN host h ON h.id = s.host`

/** By name; absent: of all groups. */
export async function listMembers(q: Queryable, group?: string): Promise<MemberRow[]> {
  return q.query(
    `${MEMBERS} WHERE ($1::text IS NULL OR m.protection_group = $1) ORDER BY h.name, s.name`,
    [group ?? null],
  )
}

export async function findMember(q: Queryable, dataSource: string): Promise<MemberRow | undefined> {
  const [row] = await q.query<MemberRow>(`${MEMBERS} WHERE m.data_source = $1`, [dataSource])
  return row
}

export interface NewMember {
  readonly dataSource: string
  readonly group: string
  readonly byRule: boolean
  readonly at: Date
  readonly by: string
  readonly initialAt: Date | null
}

/** False where the data source is in a group already. */
export async function insertMember(q: Queryable, member: NewMember): Promise<boolean> {
  const rows = await q.query(
    `INSERT INTO group_member (data_source, protection_group, by_rule, added_at, added_by,
            initial_at, points_until, syncs_until, checks_until)
     VALUES ($1, $2, $3, $4, $5, $6, $4, $4, $4) ON CONFLICT (data_source) DO NOTHING
     RETURNING data_source`,
    [member.dataSource, member.group, member.byRule, member.at, member.by, member.initialAt],
  )
  return rows.length > 0
}

export async function deleteMember(q: Queryable, dataSource: string): Promise<void> {
  await q.query(`DELETE FROM group_member WHERE data_source = $1`, [dataSource])
  await q.query(`DELETE FROM due WHERE data_source = $1 AND state IN ('waiting', 'started')`, [
    dataSource,
  ])
}

/** They stay from now on whatever the rules say. */
export async function nameMembers(q: Queryable, dataSources: readonly string[]): Promise<void> {
  await q.query(`UPDATE group_member SET by_rule = false WHERE data_source = ANY ($1::text[])`, [
    dataSources,
  ])
}

/** Name of the group that each of these is in. */
export async function groupsOfSources(
  q: Queryable,
  sources: readonly string[],
): Promise<Map<string, string>> {
  const rows = await q.query<{ dataSource: string; name: string }>(
    `SELECT m.data_source AS "dataSource", g.name FROM group_member m
       JOIN protection_group g ON g.id = m.protection_group WHERE m.data_source = ANY ($1::text[])`,
    [sources],
  )
  return new Map(rows.map(({ dataSource, name }) => [dataSource, name]))
}

export interface FreeSource extends Matchable {
  readonly id: string
}

/** What rules may bring in: offered, in no group, and not taken out of one by a person. */
export async function listFreeSources(q: Queryable): Promise<FreeSource[]> {
  return q.query(
    `SELECT s.id, h.name || '/' || s.name AS name, h.name AS host, s.tags
       FROM data_source s JOIN host h ON h.id = s.host
      WHERE s.present AND s.kind <> 'derived'
        AND NOT EXISTS (SELECT FROM group_member m WHERE m.data_source = s.id)
        AND NOT EXISTS (SELECT FROM stopped_protection p WHERE p.data_source = s.id)
      ORDER BY h.name, s.name`,
  )
}

/** All that rules could match, members or not. */
export async function listMatchable(q: Queryable): Promise<FreeSource[]> {
  return q.query(
    `SELECT s.id, h.name || '/' || s.name AS name, h.name AS host, s.tags
       FROM data_source s JOIN host h ON h.id = s.host
      WHERE s.present AND s.kind <> 'derived' ORDER BY h.name, s.name`,
  )
}

/** The same of members that came by a rule. */
export async function listRuleMembers(q: Queryable, group: string): Promise<FreeSource[]> {
  return q.query(
    `SELECT s.id, h.name || '/' || s.name AS name, h.name AS host, s.tags
       FROM group_member m JOIN data_source s ON s.id = m.data_source JOIN host h ON h.id = s.host
      WHERE m.protection_group = $1 AND m.by_rule ORDER BY h.name, s.name`,
    [group],
  )
}

export async function setReplica(
  q: Queryable,
  dataSource: string,
  state: ReplicaState,
  reason: string | null,
): Promise<void> {
  await q.query(`UPDATE data_source SET replica_state = $2, replica_reason = $3 WHERE id = $1`, [
    dataSource,
    state,
    reason,
  ])
}

export interface StoppedRow {
  readonly dataSource: string
  readonly groupName: string
  readonly stoppedAt: Date
  readonly stoppedBy: string
  readonly points: 'kept' | 'deleted'
  readonly reason: string | null
  readonly settings: GroupSettings
}

export async function insertStopped(q: Queryable, stopped: StoppedRow): Promise<void> {
  await q.query(
    `INSERT INTO stopped_protection (data_source, group_name, stopped_at, stopped_by, points,
            reason, settings) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (data_source) DO UPDATE SET group_name = $2, stopped_at = $3, stopped_by = $4,
            points = $5, reason = $6, settings = $7`,
    [
      stopped.dataSource,
      stopped.groupName,
      stopped.stoppedAt,
      stopped.stoppedBy,
      stopped.points,
      stopped.reason,
      JSON.stringify(stopped.settings),
    ],
  )
}

/** Gives whether there was one. */
export async function deleteStopped(q: Queryable, dataSource: string): Promise<boolean> {
  const rows = await q.query(
    `DELETE FROM stopped_protection WHERE data_source = $1 RETURNING data_source`,
    [dataSource],
  )
  return rows.length > 0
}

export async function findStopped(
  q: Queryable,
  dataSource: string,
): Promise<StoppedRow | undefined> {
  const [row] = await q.query<StoppedRow>(
    `SELECT data_source AS "dataSource", group_name AS "groupName", stopped_at AS "stoppedAt",
            stopped_by AS "stoppedBy", points, reason, settings
       FROM stopped_protection WHERE data_source = $1`,
    [dataSource],
  )
  return row && { ...row, settings: { ...DEFAULT_SETTINGS, ...row.settings } }
}
