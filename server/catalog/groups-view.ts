import type { GroupSettings } from '../../core/model/group/settings.ts'
import type { Queryable } from './database.ts'
import { getGroup, listGroups, type GroupRow } from './groups.ts'
import type { CauseCount } from './inconsistencies.ts'
import { pointsOf } from './point-tally.ts'
import { isoTime } from './time.ts'

/** A protection group as people and scripts see it. */
export interface GroupView {
  readonly id: string
  readonly name: string
  readonly settings: GroupSettings
  readonly members: readonly GroupMemberView[]
  readonly createdAt: string
  readonly changedAt: string
}

export interface GroupMemberView {
  /** HOST/NAME. */
  readonly source: string
  readonly replicaState: string
  readonly replicaReason: string | null
  readonly byRule: boolean
  readonly addedAt: string
  readonly points: number
  readonly lastPointAt: string | null
  /** How the last thing that was due ended. */
  readonly lastState: string | null
  readonly lastReason: string | null
  /** Of the last 30 days, the most frequent cause first. */
  readonly inconsistencies: readonly CauseCount[]
}

interface MemberRow extends Omit<GroupMemberView, 'addedAt' | 'lastPointAt'> {
  readonly group: string
  readonly addedAt: Date
  readonly lastPointAt: Date | null
}

const CAUSES_MS = 30 * 24 * 3_600_000

/** By name. */
export async function listGroupViews(q: Queryable, now: number): Promise<GroupView[]> {
  const members = await membersOf(q, null, now)
  return (await listGroups(q)).map((group) => toView(group, members))
}

/** By id or name. Throws 'not-found'. */
export async function getGroupView(q: Queryable, text: string, now: number): Promise<GroupView> {
  const group = await getGroup(q, text)
  return toView(group, await membersOf(q, group.id, now))
}

function toView(group: GroupRow, members: readonly MemberRow[]): GroupView {
  return {
    ...{ id: group.id, name: group.name, settings: group.settings },
    createdAt: isoTime(group.createdAt),
    changedAt: isoTime(group.changedAt),
    members: members
      .filter((member) => member.group === group.id)
      .map(({ group: _, ...member }) => ({
        ...member,
        addedAt: isoTime(member.addedAt),
        lastPointAt: isoTime(member.lastPointAt),
      })),
  }
}

async function membersOf(q: Queryable, group: string | null, now: number): Promise<MemberRow[]> {
  return q.query(
    `SELECT m.protection_group AS "group", h.name || '/' || s.name AS source,
            s.replica_state AS "replicaState", s.replica_reason AS "replicaReason",
            m.by_rule AS "byRule", m.added_at AS "addedAt",
            ${pointsOf('s.id')} AS points,
            (SELECT p.created_at FROM recovery_point p
              WHERE p.data_source = s.id AND p.state <> 'deleted'
              ORDER BY p.created_at DESC LIMIT 1) AS "lastPointAt",
            last.state AS "lastState", last.reason AS "lastReason",
            coalesce((SELECT json_agg(c ORDER BY c.count DESC, c.cause) FROM (
               SELECT cause, count(*)::int AS count FROM inconsistency i
                WHERE i.data_source = s.id AND i.from_at >= $2 GROUP BY cause) AS c), '[]')
              AS inconsistencies
       FROM group_member m
       JOIN data_source s ON s.id = m.data_source JOIN host h ON h.id = s.host
       LEFT JOIN LATERAL (
         SELECT state, reason FROM due d WHERE d.data_source = s.id
          ORDER BY d.due_at DESC, d.kind LIMIT 1) AS last ON true
      WHERE $1::text IS NULL OR m.protection_group = $1 ORDER BY h.name, s.name`,
    [group, new Date(now - CAUSES_MS)],
  )
}
