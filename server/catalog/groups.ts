import { HoldfastError } from '../../core/model/error.ts'
import { DEFAULT_SETTINGS, type GroupSettings } from '../../core/model/group/settings.ts'
import type { Queryable } from './database.ts'
import { nearNames } from './near-names.ts'

/** A protection group as it is stored. */
export interface GroupRow {
  readonly id: string
  readonly name: string
  readonly settings: GroupSettings
  readonly createdAt: Date
  readonly changedAt: Date
}

const COLUMNS = `id, name, settings, created_at AS "createdAt", changed_at AS "changedAt"`

/** By name. */
export async function listGroups(q: Queryable): Promise<GroupRow[]> {
  const rows = await q.query<GroupRow>(`SELECT ${COLUMNS} FROM protection_group ORDER BY name, id`)
  return rows.map(withDefaults)
}

/** Settings of the group that each of these data sources is in, by data source. */
export async function settingsOfMembers(
  q: Queryable,
  dataSources: readonly string[],
): Promise<Map<string, GroupSettings>> {
  const rows = await q.query<{ dataSource: string; group: string }>(
    `SELECT data_source AS "dataSource", protection_group AS "group" FROM group_member
      WHERE data_source = ANY ($1::text[])`,
    [dataSources],
  )
  const groups = await groupsOf(q, new Set(rows.map(({ group }) => group)))
  return new Map(rows.map(({ dataSource, group }) => [dataSource, groups.get(group)!.settings]))
}

/** By id; those that are gone are left out. */
export async function groupsOf(
  q: Queryable,
  ids: Iterable<string>,
): Promise<Map<string, GroupRow>> {
  const rows = await q.query<GroupRow>(
    `SELECT ${COLUMNS} FROM protection_group WHERE id = ANY ($1::text[])`,
    [[...ids]],
  )
  return new Map(rows.map((row) => [row.id, withDefaults(row)]))
}

export async function findGroup(q: Queryable, text: string): Promise<GroupRow | undefined> {
  const [row] = await q.query<GroupRow>(
    `SELECT ${COLUMNS} FROM protection_group WHERE id = $1 OR name = $1
      ORDER BY id = $1 DESC LIMIT 1`,
    [text],
  )
  return row && withDefaults(row)
}

/** By id or name. Throws 'not-found'. */
export async function getGroup(q: Queryable, text: string): Promise<GroupRow> {
  const group = await findGroup(q, text)
  if (group) return group
  const names = await q.query<{ name: string }>(`SELECT name FROM protection_group LIMIT 5000`)
  const near = nearNames(
    names.map(({ name }) => name),
    text,
  )
  const otherwise = '`holdfast group list` shows all.'
  throw new HoldfastError('not-found', `there is no protection group ${text}`, {
    hint: near.length > 0 ? `Is it ${near.join(', or ')}? ${otherwise}` : otherwise,
  })
}

/** Locked until the transaction ends: changes of one group follow one another. */
export async function lockGroup(q: Queryable, id: string): Promise<void> {
  await q.query(`SELECT FROM protection_group WHERE id = $1 FOR UPDATE`, [id])
}

export async function insertGroup(
  q: Queryable,
  group: Pick<GroupRow, 'id' | 'name' | 'settings'>,
  at: Date,
): Promise<void> {
  await q.query(
    `INSERT INTO protection_group (id, name, settings, created_at, changed_at)
     VALUES ($1, $2, $3, $4, $4)`,
    [group.id, group.name, JSON.stringify(group.settings), at],
  )
}

export async function updateGroup(
  q: Queryable,
  group: Pick<GroupRow, 'id' | 'name' | 'settings'>,
  at: Date,
): Promise<void> {
  await q.query(
    `UPDATE protection_group SET name = $2, settings = $3, changed_at = $4 WHERE id = $1`,
    [group.id, group.name, JSON.stringify(group.settings), at],
  )
}

export async function deleteGroupRow(q: Queryable, id: string): Promise<void> {
  await q.query(`DELETE FROM protection_group WHERE id = $1`, [id])
}

/** What an older release did not know yet has its default. */
function withDefaults(row: GroupRow): GroupRow {
  return { ...row, settings: { ...DEFAULT_SETTINGS, ...row.settings } }
}
