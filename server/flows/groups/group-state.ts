import { HoldfastError } from '../../../core/model/error.ts'
import { matches, parseMatchRule } from '../../../core/model/group/match-rule.ts'
import { checkGroupName, checkSettings } from '../../../core/model/group/check-settings.ts'
import type { GroupSettings } from '../../../core/model/group/settings.ts'
import type { Queryable } from '../../catalog/database.ts'
import {
  groupsOfSources,
  listFreeSources,
  listMembers,
  listRuleMembers,
  type MemberRow,
} from '../../catalog/group-members.ts'
import { findGroup, getGroup, type GroupRow } from '../../catalog/groups.ts'
import { listSources, type SourceView } from '../../catalog/sources.ts'
import type { GroupWish } from './group-wish.ts'

/** Who comes and goes when a wish comes true; looked at alike by the plan and by what carries it out. */
export interface GroupState {
  readonly group: GroupRow | undefined
  readonly name: string
  readonly settings: GroupSettings
  readonly members: readonly MemberRow[]
  readonly added: readonly AddedSource[]
  /** Members that a rule had brought in and that are named now. */
  readonly named: readonly MemberRow[]
  readonly removed: readonly MemberRow[]
}

export type AddedSource = SourceView & { readonly byRule: boolean }

/** Throws what makes the wish impossible: a wrong setting, a name that is taken, a member of another. */
export async function readGroupState(q: Queryable, wish: GroupWish): Promise<GroupState> {
  const settings = checkSettings(wish.settings)
  const name = checkGroupName(wish.newName ?? wish.name)
  const group = wish.create ? undefined : await getGroup(q, wish.name)
  await requireFreeName(q, name, group)
  const members = group ? await listMembers(q, group.id) : []
  const added = await addedSources(q, wish, settings, members)
  if (wish.move !== true) await requireFree(q, added)
  requireProtectable(added)
  const removed = await leaving(q, wish, group, members)
  return { group, name, settings, members, added, named: namedNow(wish, members), removed }
}

async function requireFreeName(
  q: Queryable,
  name: string,
  group: GroupRow | undefined,
): Promise<void> {
  const other = await findGroup(q, name)
  if (other === undefined || other.id === group?.id) return
  throw new HoldfastError('already-exists', `there is a protection group ${name} already`, {
    hint: '`holdfast group update` changes it, `group add` brings further members in.',
  })
}

function namedNow(wish: GroupWish, members: readonly MemberRow[]): MemberRow[] {
  return members.filter((member) => member.byRule && wish.add.includes(member.dataSource))
}

async function noMember(q: Queryable, id: string, { name }: GroupRow): Promise<HoldfastError> {
  const [source] = await listSources(q, { ids: [id] })
  return new HoldfastError(
    'not-found',
    `${source?.name ?? id} is not in protection group ${name}`,
    {
      hint: `\`holdfast group show ${name}\` lists its members.`,
    },
  )
}

async function addedSources(
  q: Queryable,
  wish: GroupWish,
  settings: GroupSettings,
  members: readonly MemberRow[],
): Promise<GroupState['added']> {
  const there = new Set(members.map((member) => member.dataSource))
  const named = new Set(wish.add.filter((id) => !there.has(id)))
  const rules = settings.match.map(parseMatchRule)
  const free = rules.length === 0 ? [] : await listFreeSources(q)
  const ruled = free.filter(
    (source) => !named.has(source.id) && rules.some((rule) => matches(rule, source)),
  )
  const ids = [...named, ...ruled.map(({ id }) => id)]
  const sources = ids.length === 0 ? [] : await listSources(q, { ids })
  return sources.map((source) => ({ ...source, byRule: !named.has(source.id) }))
}

async function requireFree(q: Queryable, added: readonly AddedSource[]): Promise<void> {
  const taken = await groupsOfSources(
    q,
    added.map(({ id }) => id),
  )
  for (const source of added) {
    const other = taken.get(source.id)
    if (other !== undefined)
      throw new HoldfastError('already-exists', `${source.name} is in protection group ${other}`, {
        hint: `A data source is in one group at most: \`holdfast group remove ${other} ${source.name} --keep-points\` first.`,
      })
  }
}

function requireProtectable(added: readonly AddedSource[]): void {
  for (const source of added)
    if (source.kind === 'derived')
      throw new HoldfastError(
        'source-not-protectable',
        `${source.name} was derived from points: there is nothing to read it from`,
      )
}

/** Those named, and those that a rule had brought in which no rule of the new ones would. */
async function leaving(
  q: Queryable,
  wish: GroupWish,
  group: GroupRow | undefined,
  members: readonly MemberRow[],
): Promise<MemberRow[]> {
  if (!group) return []
  const rules = wish.settings.match.map(parseMatchRule)
  const unmatched = (await listRuleMembers(q, group.id)).filter(
    (source) => !wish.add.includes(source.id) && !rules.some((rule) => matches(rule, source)),
  )
  const ids = new Set([...wish.remove, ...unmatched.map(({ id }) => id)])
  const stranger = wish.remove.find((id) => !members.some((member) => member.dataSource === id))
  if (stranger !== undefined) throw await noMember(q, stranger, group)
  return members.filter((member) => ids.has(member.dataSource))
}
