import { HoldfastError } from '../../core/model/error.ts'
import { decideRetention, type RetentionDecision } from '../../core/model/retention/policy.ts'
import type { Logger } from '../../core/runtime/log.ts'
import { badTimesOf } from '../catalog/inconsistencies.ts'
import { consistentOf, retainedPointsOf, sourcesToExpire } from '../catalog/retained-points.ts'
import { readScheduleClock } from '../catalog/schedule-clock.ts'
import { retentionOfSources } from './groups/retention-settings.ts'
import type { PointChangeDeps } from './point-changes.ts'
import { deletePoint } from './point-deletion.ts'

export interface ExpireDeps extends PointChangeDeps {
  readonly log: Logger
}

/** Somebody uses or wants it after all: it is looked at again the next time. */
const REFUSALS = new Set(['point-held', 'point-protected', 'point-locked', 'last-good-point'])

/** So many data sources are looked at together: bounds what is held of those with thousands of points. */
const AT_ONCE = 10

/** Ends what the rules no longer keep, in all data sources. Gives how many points went. */
export async function expireAll(deps: ExpireDeps, signal?: AbortSignal): Promise<number> {
  const sources = await sourcesToExpire(deps.database, new Date(deps.clock.now()))
  return expireSources(deps, sources, signal)
}

/**
 * The same of some. Nothing goes while its replica is not consistent, or while the clock is in doubt;
 * whatever has gone can be brought back for the undo time.
 */
export async function expireSources(
  deps: ExpireDeps,
  dataSources: readonly string[],
  signal?: AbortSignal,
): Promise<number> {
  let count = 0
  for (let from = 0; from < dataSources.length; from += AT_ONCE) {
    signal?.throwIfAborted()
    for (const { id, reason } of await overPoints(deps, dataSources.slice(from, from + AT_ONCE))) {
      signal?.throwIfAborted()
      if (await letGo(deps, id, reason)) count++
    }
  }
  return count
}

/** Points that the rules no longer keep, the oldest of a data source first. */
async function overPoints(
  { database, clock }: ExpireDeps,
  dataSources: readonly string[],
): Promise<RetentionDecision[]> {
  if ((await readScheduleClock(database))?.jumpedFrom) return []
  const sources = await consistentOf(database, dataSources)
  const rules = await retentionOfSources(database, sources)
  const points = await retainedPointsOf(database, sources)
  const bad = await badTimesOf(database, sources)
  return [...rules].flatMap(([id, settings]) =>
    decideRetention(points.get(id) ?? [], settings, bad.get(id) ?? [], clock.now())
      .filter(({ keep }) => !keep)
      .reverse(),
  )
}

async function letGo(deps: ExpireDeps, id: string, reason: string): Promise<boolean> {
  try {
    await deletePoint(deps, id, reason, 'retention')
    return true
  } catch (error) {
    if (!(error instanceof HoldfastError && REFUSALS.has(error.code))) throw error
    deps.log.info('a point stays for now', { point: id, reason: error.message })
    return false
  }
}
