import type { Matchable } from '../../core/model/group/match-rule.ts'
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
  readonly byRule: boolean
  readonly initialAt: Date | null
}

export interface Admission {
  /** Id of the group. */
  readonly group: string
  readonly at: Date
  readonly by: string
}

/** Gives those that came in: all but what is in a group already. */
export async function insertMembers(
  q: Queryable,
  members: readonly NewMember[],
  { group, at, by }: Admission,
): Promise<Set<string>> {
  const rows = await q.query<{ id: string }>(
    `INSERT INTO group_member (data_source, protection_group, by_rule, added_at, added_by,
            initial_at, points_until, syncs_until, checks_until)
     SELECT id, $4, by_rule, $5, $6, initial_at, $5, $5, $5
       FROM unnest($1::text[], $2::boolean[], $3::timestamptz[]) AS new (id, by_rule, initial_at)
     ON CONFLICT (data_source) DO NOTHING RETURNING data_source AS id`,
    [
      members.map(({ dataSource }) => dataSource),
      members.map(({ byRule }) => byRule),
      members.map(({ initialAt }) => initialAt),
      ...[group, at, by],
    ],
  )
  return new Set(rows.map(({ id }) => id))
}

export async function deleteMembers(q: Queryable, dataSources: readonly string[]): Promise<void> {
  await q.query(`DELETE FROM group_member WHERE data_source = ANY ($1::text[])`, [dataSources])
  await q.query(
    `DELETE FROM due WHERE data_source = ANY ($1::text[]) AND state IN ('waiting', 'started')`,
    [dataSources],
  )
}

export interface LockedSource {
  readonly id: string
  /** It has a committed version. */
  readonly hasVersion: boolean
}

/** In one order for everybody, so that nobody waits for one another; unknown ones are left out. */
export async function lockSources(
  q: Queryable,
  dataSources: readonly string[],
): Promise<LockedSource[]> {
  return q.query(
    `SELECT s.id, EXISTS (SELECT FROM version v WHERE v.data_source = s.id AND v.state = 'committed')
              AS "hasVersion"
       FROM data_source s WHERE s.id = ANY ($1::text[]) ORDER BY s.id FOR NO KEY UPDATE OF s`,
    [dataSources],
  )
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

export async function setReplicas(
  q: Queryable,
  dataSources: readonly string[],
  state: ReplicaState,
  reason: string | null,
): Promise<void> {
  if (dataSources.length === 0) return
  await q.query(
    `UPDATE data_source SET replica_state = $2, replica_reason = $3 WHERE id = ANY ($1::text[])`,
    [dataSources, state, reason],
  )
}
