import type { GroupSettings } from '../../../core/model/group/settings.ts'
import { HoldfastError } from '../../../core/model/error.ts'
import type { Queryable } from '../../catalog/database.ts'
import { insertDue } from '../../catalog/dues.ts'
import { recordEvent } from '../../catalog/events.ts'
import {
  deleteMember,
  deleteStopped,
  findMember,
  insertMember,
  setReplica,
} from '../../catalog/group-members.ts'
import { getGroup } from '../../catalog/groups.ts'

export interface Joining {
  readonly dataSource: string
  readonly group: { readonly id: string; readonly name: string }
  readonly settings: GroupSettings
  readonly byRule: boolean
  readonly now: Date
  readonly by: string
}

/**
 * A data source becomes a member, inside the caller's transaction. Without a version the scheduler
 * sees to its initial replication, at the time that the group says; where protection had been stopped, the
 * history goes on with a check of everything.
 */
export async function joinGroup(q: Queryable, joining: Joining): Promise<void> {
  const { dataSource, group, now, by } = joining
  const [source] = await q.query<{ hasVersion: boolean }>(
    `SELECT EXISTS (SELECT FROM version v WHERE v.data_source = s.id AND v.state = 'committed')
              AS "hasVersion"
       FROM data_source s WHERE s.id = $1 FOR NO KEY UPDATE`,
    [dataSource],
  )
  if (!source) throw new HoldfastError('not-found', `there is no data source ${dataSource}`)
  const initialAt = source.hasVersion ? null : initialTime(joining)
  const member = { dataSource, group: group.id, byRule: joining.byRule, at: now, by, initialAt }
  if (!(await insertMember(q, member))) throw await taken(q, dataSource)
  const wasStopped = await deleteStopped(q, dataSource)
  if (!source.hasVersion) await awaitInitial(q, joining, initialAt)
  else if (wasStopped) await resume(q, joining)
  const message = `joined protection group ${group.name}${joining.byRule ? ' by its rules' : ''}`
  await recordEvent(q, { kind: 'group-joined', about: dataSource, message, actor: by })
}

/** Inside the transaction in which it joins the other one: its protection never stops. */
export async function leaveForAnother(
  q: Queryable,
  dataSource: string,
  from: string,
  to: string,
  by: string,
): Promise<void> {
  await q.query(`SELECT FROM data_source WHERE id = $1 FOR NO KEY UPDATE`, [dataSource])
  await deleteMember(q, dataSource)
  const message = `left protection group ${from} for ${to}`
  await recordEvent(q, { kind: 'group-left', about: dataSource, message, actor: by })
}

/** Null: by hand, on removable media. */
function initialTime({ settings, now }: Joining): Date | null {
  if (settings.initial === 'manual') return null
  return settings.initial === 'now' ? now : new Date(settings.initial)
}

async function awaitInitial(q: Queryable, { dataSource }: Joining, at: Date | null): Promise<void> {
  const reason = at === null ? 'its first replica is brought by hand' : null
  await setReplica(q, dataSource, at === null ? 'manual-pending' : 'init-pending', reason)
}

async function resume(q: Queryable, { dataSource, group, now }: Joining): Promise<void> {
  await setReplica(q, dataSource, 'inconsistent', 'protection-resumed')
  await insertDue(q, { dataSource, kind: 'check', dueAt: now, group: group.id, notBefore: now })
}

async function taken(q: Queryable, dataSource: string): Promise<HoldfastError> {
  const member = await findMember(q, dataSource)
  const group = member ? (await getGroup(q, member.group)).name : 'another'
  const source = member?.source ?? dataSource
  return new HoldfastError('already-exists', `${source} is in protection group ${group}`, {
    hint: 'A data source is in one group at most: `holdfast group remove` takes it out.',
  })
}
