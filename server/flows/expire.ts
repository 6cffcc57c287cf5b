import { HoldfastError } from '../../core/model/error.ts'
import { decideRetention } from '../../core/model/retention/policy.ts'
import type { Logger } from '../../core/runtime/log.ts'
import { badTimes } from '../catalog/inconsistencies.ts'
import { retainedPoints, sourcesToExpire } from '../catalog/retained-points.ts'
import { readScheduleClock } from '../catalog/schedule-clock.ts'
import { getSource } from '../catalog/sources.ts'
import { retentionOfSource } from './groups/retention-settings.ts'
import type { PointChangeDeps } from './point-changes.ts'
import { deletePoint } from './point-deletion.ts'

export interface ExpireDeps extends PointChangeDeps {
  readonly log: Logger
}

/** Somebody uses or wants it after all: it is looked at again the next time. */
const REFUSALS = new Set(['point-held', 'point-protected', 'point-locked', 'last-good-point'])

/** Ends what the rules no longer keep, in all data sources. Gives how many points went. */
export async function expireAll(deps: ExpireDeps, signal?: AbortSignal): Promise<number> {
  let count = 0
  for (const id of await sourcesToExpire(deps.database, new Date(deps.clock.now()))) {
    signal?.throwIfAborted()
    count += await expireSource(deps, id)
  }
  return count
}

/**
 * The same of one. Nothing goes while its replica is not consistent, or while the clock is in doubt;
 * whatever has gone can be brought back for the undo time.
 */
export async function expireSource(deps: ExpireDeps, dataSource: string): Promise<number> {
  const { database, clock, log } = deps
  if ((await readScheduleClock(database))?.jumpedFrom) return 0
  const source = await getSource(database, dataSource)
  if (source.replicaState === 'inconsistent' || source.replicaState === 'checking') return 0
  const decisions = decideRetention(
    await retainedPoints(database, dataSource),
    await retentionOfSource(database, dataSource),
    await badTimes(database, dataSource),
    clock.now(),
  )
  let count = 0
  for (const { id, keep, reason } of decisions.reverse()) {
    if (keep) continue
    try {
      await deletePoint(deps, id, reason, 'retention')
      count++
    } catch (error) {
      if (!(error instanceof HoldfastError && REFUSALS.has(error.code))) throw error
      log.info('a point stays for now', { point: id, reason: error.message })
    }
  }
  return count
}
