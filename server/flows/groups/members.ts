import type { GroupSettings } from '../../../core/model/group/settings.ts'
import { HoldfastError } from '../../../core/model/error.ts'
import type { Queryable } from '../../catalog/database.ts'
import { insertDues } from '../../catalog/dues.ts'
import { recordEvents } from '../../catalog/events.ts'
import {
  deleteMembers,
  findMember,
  insertMembers,
  lockSources,
  setReplicas,
  type LockedSource,
} from '../../catalog/group-members.ts'
import { getGroup } from '../../catalog/groups.ts'
import { deleteStopped } from '../../catalog/stopped-protection.ts'

export interface Joining {
  readonly sources: readonly JoiningSource[]
  readonly group: { readonly id: string; readonly name: string }
  readonly settings: GroupSettings
  readonly now: Date
  readonly by: string
}

export interface JoiningSource {
  readonly id: string
  readonly byRule: boolean
}

/**
 * Data sources become members, inside the caller's transaction, by as many statements for one as for a
 * thousand. For those without a version the scheduler sees to the initial replication, at the time that
 * the group says; where protection had been stopped, the history goes on with a check of everything.
 * Throws 'already-exists' where one of them is in a group.
 */
export async function joinGroup(q: Queryable, joining: Joining): Promise<void> {
  const ids = joining.sources.map(({ id }) => id)
  if (ids.length === 0) return
  const locked = await lockSources(q, ids)
  requireAll(ids, locked)
  await admit(q, joining, locked)
  const stopped = await deleteStopped(q, ids)
  const fresh = locked.filter(({ hasVersion }) => !hasVersion).map(({ id }) => id)
  const resumed = locked.filter(({ id, hasVersion }) => hasVersion && stopped.has(id))
  await awaitInitial(q, joining, fresh)
  await resume(
    q,
    joining,
    resumed.map(({ id }) => id),
  )
  await recordEvents(
    q,
    joining.sources.map(({ id, byRule }) => ({
      ...{ kind: 'group-joined', about: id, actor: joining.by },
      message: `joined protection group ${joining.group.name}${byRule ? ' by its rules' : ''}`,
    })),
  )
}

function requireAll(ids: readonly string[], locked: readonly LockedSource[]): void {
  const there = new Set(locked.map(({ id }) => id))
  const missing = ids.find((id) => !there.has(id))
  if (missing !== undefined)
    throw new HoldfastError('not-found', `there is no data source ${missing}`)
}

async function admit(
  q: Queryable,
  joining: Joining,
  locked: readonly LockedSource[],
): Promise<void> {
  const replicated = new Set(locked.filter(({ hasVersion }) => hasVersion).map(({ id }) => id))
  const { sources, group, now, by } = joining
  const members = sources.map(({ id, byRule }) => ({
    ...{ dataSource: id, byRule },
    initialAt: replicated.has(id) ? null : initialTime(joining),
  }))
  const admitted = await insertMembers(q, members, { group: group.id, at: now, by })
  const refused = sources.find(({ id }) => !admitted.has(id))
  if (refused) throw await taken(q, refused.id)
}

/** Inside the transaction in which they join the other one: their protection never stops. */
export async function leaveForAnother(
  q: Queryable,
  sources: readonly { readonly id: string; readonly from: string }[],
  to: string,
  by: string,
): Promise<void> {
  const ids = sources.map(({ id }) => id)
  if (ids.length === 0) return
  await lockSources(q, ids)
  await deleteMembers(q, ids)
  await recordEvents(
    q,
    sources.map(({ id, from }) => ({
      ...{ kind: 'group-left', about: id, actor: by },
      message: `left protection group ${from} for ${to}`,
    })),
  )
}

/** Null: by hand, on removable media. */
function initialTime({ settings, now }: Joining): Date | null {
  if (settings.initial === 'manual') return null
  return settings.initial === 'now' ? now : new Date(settings.initial)
}

async function awaitInitial(
  q: Queryable,
  joining: Joining,
  dataSources: readonly string[],
): Promise<void> {
  if (initialTime(joining) === null)
    await setReplicas(q, dataSources, 'manual-pending', 'its first replica is brought by hand')
  else await setReplicas(q, dataSources, 'init-pending', null)
}

async function resume(
  q: Queryable,
  { group, now }: Joining,
  dataSources: readonly string[],
): Promise<void> {
  await setReplicas(q, dataSources, 'inconsistent', 'protection-resumed')
  const due = { kind: 'check', dueAt: now, group: group.id, notBefore: now } as const
  await insertDues(
    q,
    dataSources.map((dataSource) => ({ ...due, dataSource })),
  )
}

async function taken(q: Queryable, dataSource: string): Promise<HoldfastError> {
  const member = await findMember(q, dataSource)
  const group = member ? (await getGroup(q, member.group)).name : 'another'
  const source = member?.source ?? dataSource
  return new HoldfastError('already-exists', `${source} is in protection group ${group}`, {
    hint: 'A data source is in one group at most: `holdfast group remove` takes it out.',
  })
}
