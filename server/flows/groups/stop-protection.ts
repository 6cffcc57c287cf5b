import { toHoldfastError } from '../../../core/model/error.ts'
import { recordEvent } from '../../catalog/events.ts'
import { deleteMember, insertStopped, setReplica } from '../../catalog/group-members.ts'
import type { GroupRow } from '../../catalog/groups.ts'
import { retainedPoints } from '../../catalog/retained-points.ts'
import type { PointChangeDeps } from '../point-changes.ts'
import { deletePoint } from '../point-deletion.ts'
import type { RemovedPoints } from './group-wish.ts'

export interface Stopping {
  readonly dataSource: string
  readonly source: string
  readonly group: GroupRow
  readonly points: RemovedPoints
  readonly reason: string | null
  readonly by: string
}

/**
 * Ends the protection of one data source. Kept points age by the rules that they had; deleted ones
 * leave tombstones, and what is protected, locked or being read stays and is told. Who, when and why
 * is remembered either way. Gives a sentence for each point that had to stay.
 */
export async function stopProtection(deps: PointChangeDeps, stopping: Stopping): Promise<string[]> {
  const { dataSource, group, points, by, reason } = stopping
  await deps.database.tx(async (q) => {
    await q.query(`SELECT FROM data_source WHERE id = $1 FOR NO KEY UPDATE`, [dataSource])
    await deleteMember(q, dataSource)
    await insertStopped(q, {
      ...{ dataSource, groupName: group.name, settings: group.settings },
      ...{ stoppedAt: new Date(deps.clock.now()), stoppedBy: by, reason },
      points: points === 'keep' ? 'kept' : 'deleted',
    })
    const [kept] = await q.query(
      `SELECT 1 FROM version WHERE data_source = $1 AND state = 'committed' LIMIT 1`,
      [dataSource],
    )
    await setReplica(q, dataSource, kept ? 'inactive' : 'none', null)
    const what = points === 'keep' ? 'points are kept' : 'points are deleted'
    const message = `left protection group ${group.name}: ${what}${reason ? `: ${reason}` : ''}`
    await recordEvent(q, { kind: 'protection-stopped', about: dataSource, message, actor: by })
  })
  return points === 'delete' ? deleteAll(deps, stopping) : []
}

async function deleteAll(deps: PointChangeDeps, stopping: Stopping): Promise<string[]> {
  const left: string[] = []
  const why = stopping.reason ?? `protection by group ${stopping.group.name} was stopped`
  for (const { id } of await retainedPoints(deps.database, stopping.dataSource))
    try {
      await deletePoint(deps, id, why, stopping.by, { lastToo: true })
    } catch (error) {
      left.push(`${stopping.source}: ${toHoldfastError(error).message}`)
    }
  return left
}
