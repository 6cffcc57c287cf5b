import { toHoldfastError } from '../../../core/model/error.ts'
import type { Queryable } from '../../catalog/database.ts'
import { recordEvents } from '../../catalog/events.ts'
import { deleteMembers, lockSources, setReplicas } from '../../catalog/group-members.ts'
import type { GroupRow } from '../../catalog/groups.ts'
import { retainedPoints } from '../../catalog/retained-points.ts'
import { insertStopped } from '../../catalog/stopped-protection.ts'
import type { PointChangeDeps } from '../point-changes.ts'
import { deletePoint } from '../point-deletion.ts'
import type { RemovedPoints } from './group-wish.ts'

export interface Stopping {
  readonly members: readonly StoppingMember[]
  readonly group: GroupRow
  readonly points: RemovedPoints
  readonly reason: string | null
  readonly by: string
}

export interface StoppingMember {
  readonly dataSource: string
  /** HOST/NAME. */
  readonly source: string
}

/**
 * Ends the protection of data sources, all of them or none. Kept points age by the rules that they had;
 * deleted ones leave tombstones, and what is protected, locked or being read stays and is told. Who, when
 * and why is remembered either way. Gives a sentence for each point that had to stay.
 */
export async function stopProtection(deps: PointChangeDeps, stopping: Stopping): Promise<string[]> {
  const { members, points } = stopping
  if (members.length === 0) return []
  await deps.database.tx((q) => leave(q, stopping, new Date(deps.clock.now())))
  if (points === 'keep') return []
  const left: string[] = []
  for (const member of members) left.push(...(await deleteAll(deps, stopping, member)))
  return left
}

async function leave(q: Queryable, stopping: Stopping, now: Date): Promise<void> {
  const { members, group, points, by, reason } = stopping
  const ids = members.map(({ dataSource }) => dataSource)
  const locked = await lockSources(q, ids)
  await deleteMembers(q, ids)
  await insertStopped(q, ids, {
    ...{ groupName: group.name, settings: group.settings },
    ...{ stoppedAt: now, stoppedBy: by, reason },
    points: points === 'keep' ? 'kept' : 'deleted',
  })
  const replicated = (wanted: boolean) =>
    locked.filter(({ hasVersion }) => hasVersion === wanted).map(({ id }) => id)
  await setReplicas(q, replicated(true), 'inactive', null)
  await setReplicas(q, replicated(false), 'none', null)
  const what = points === 'keep' ? 'points are kept' : 'points are deleted'
  const message = `left protection group ${group.name}: ${what}${reason ? `: ${reason}` : ''}`
  await recordEvents(
    q,
    ids.map((about) => ({ kind: 'protection-stopped', about, message, actor: by })),
  )
}

async function deleteAll(
  deps: PointChangeDeps,
  { group, reason, by }: Stopping,
  { dataSource, source }: StoppingMember,
): Promise<string[]> {
  const left: string[] = []
  const why = reason ?? `protection by group ${group.name} was stopped`
  for (const { id } of await retainedPoints(deps.database, dataSource))
    try {
      await deletePoint(deps, id, why, by, { lastToo: true })
    } catch (error) {
      left.push(`${source}: ${toHoldfastError(error).message}`)
    }
  return left
}
