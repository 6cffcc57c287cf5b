import { randomId, type Random } from '../../../core/runtime/random.ts'
import { HoldfastError } from '../../../core/model/error.ts'
import type { Queryable } from '../../catalog/database.ts'
import { isUniqueViolation } from '../../catalog/database-error.ts'
import { recordEvent } from '../../catalog/events.ts'
import { listMembers, nameMembers } from '../../catalog/group-members.ts'
import {
  deleteGroupRow,
  getGroup,
  insertGroup,
  lockGroup,
  updateGroup,
  type GroupRow,
} from '../../catalog/groups.ts'
import type { PointChangeDeps } from '../point-changes.ts'
import { readGroupState, type GroupState } from './group-state.ts'
import type { GroupWish, RemovedPoints } from './group-wish.ts'
import { joinGroup, leaveForAnother } from './members.ts'
import { stopProtection } from './stop-protection.ts'

export interface GroupDeps extends PointChangeDeps {
  readonly random: Random
}

export interface SavedGroup {
  readonly group: GroupRow
  /** One sentence each: what could not be done as wished. */
  readonly warnings: readonly string[]
}

/** Makes the group as it is wished, in one transaction; then members leave, in another. */
export async function saveGroup(deps: GroupDeps, wish: GroupWish, by: string): Promise<SavedGroup> {
  const { group, removed, before } = await saveRows(deps, wish, by)
  const warnings = await stopProtection(deps, {
    ...{ members: removed, group: before ?? group, points: wish.removedPoints },
    ...{ reason: null, by },
  })
  return { group, warnings }
}

interface SavedRows {
  readonly group: GroupRow
  readonly removed: GroupState['removed']
  readonly before: GroupRow | undefined
}

async function saveRows(deps: GroupDeps, wish: GroupWish, by: string): Promise<SavedRows> {
  try {
    return await deps.database.tx((q) => writeRows(q, deps, wish, by))
  } catch (error) {
    if (!isUniqueViolation(error, 'protection_group_tenant_name_key')) throw error
    throw new HoldfastError('already-exists', `there is a protection group of that name already`)
  }
}

async function writeRows(
  q: Queryable,
  { clock, random }: GroupDeps,
  wish: GroupWish,
  by: string,
): Promise<SavedRows> {
  if (!wish.create) await lockGroup(q, (await getGroup(q, wish.name)).id)
  const state = await readGroupState(q, wish)
  const now = new Date(clock.now())
  const id = state.group?.id ?? randomId(random, 'group')
  const row = { id, name: state.name, settings: state.settings }
  if (state.group) await updateGroup(q, row, now)
  else await insertGroup(q, row, now)
  const moved = state.added.flatMap(({ id, group: from }) => (from === null ? [] : { id, from }))
  await leaveForAnother(q, moved, row.name, by)
  await joinGroup(q, { sources: state.added, group: row, settings: row.settings, now, by })
  await nameMembers(
    q,
    state.named.map(({ dataSource }) => dataSource),
  )
  const kind = state.group ? 'group-changed' : 'group-created'
  const message = `protection group ${state.name} was ${state.group ? 'changed' : 'created'}`
  await recordEvent(q, { kind, about: id, message, actor: by })
  return { group: await getGroup(q, id), removed: state.removed, before: state.group }
}

/** All members leave; then the group is no more. Their history stays as `points` says. */
export async function deleteGroup(
  deps: GroupDeps,
  name: string,
  points: RemovedPoints,
  by: string,
): Promise<SavedGroup> {
  const group = await getGroup(deps.database, name)
  const members = await listMembers(deps.database, group.id)
  const reason = `group ${group.name} was deleted`
  const warnings = await stopProtection(deps, { members, group, points, reason, by })
  await deps.database.tx(async (q) => {
    await deleteGroupRow(q, group.id)
    const message = `protection group ${group.name} was deleted`
    await recordEvent(q, { kind: 'group-deleted', about: group.id, message, actor: by })
  })
  return { group, warnings }
}
