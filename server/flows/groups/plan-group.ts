import { formatKeepRules } from '../../../core/model/retention/rules.ts'
import type { GroupSettings } from '../../../core/model/group/settings.ts'
import type { BadTime } from '../../../core/model/retention/good-age.ts'
import { decideRetention, type RetainedPoint } from '../../../core/model/retention/policy.ts'
import type { Clock } from '../../../core/runtime/clock.ts'
import type { Database, Queryable } from '../../catalog/database.ts'
import { badTimesOf } from '../../catalog/inconsistencies.ts'
import { retainedPointsOf } from '../../catalog/retained-points.ts'
import type { ChunkStore } from '../../store/chunk-store.ts'
import { estimateSpace } from './estimate.ts'
import { readGroupState, type GroupState } from './group-state.ts'
import type { GroupWish } from './group-wish.ts'
import { retentionOf } from './retention-settings.ts'

export interface PlanDeps {
  readonly database: Database
  readonly store: ChunkStore
  readonly clock: Clock
}

/** What would come of a wish; nothing is done. */
export interface GroupPlan {
  readonly name: string
  readonly exists: boolean
  /** One sentence a setting that changes. */
  readonly changes: readonly string[]
  readonly added: readonly PlannedSource[]
  readonly removed: readonly PlannedSource[]
  readonly pointsToGo: readonly { point: string; source: string; reason: string }[]
  /** To read at the first replicas. */
  readonly initialBytes: number
  /** Points a member will have, and what all of them will take in the store. */
  readonly pointsEach: number
  readonly estimatedBytes: number
  readonly freeBytes: number
  readonly warnings: readonly string[]
}

export type PlannedAction =
  'initial-replication' | 'check' | 'continue' | 'move' | 'keep-points' | 'delete-points'

export interface PlannedSource {
  readonly source: string
  readonly action: PlannedAction
  readonly bytes: number
  readonly byRule: boolean
}

export async function planGroup(deps: PlanDeps, wish: GroupWish): Promise<GroupPlan> {
  const state = await readGroupState(deps.database, wish)
  const now = deps.clock.now()
  const added = state.added.map(plannedSource)
  const staying = [
    ...state.members.filter((member) => !state.removed.includes(member)),
    ...state.added.map(({ id }) => ({ dataSource: id })),
  ].map(({ dataSource }) => dataSource)
  const space = await estimateSpace(deps.database, staying, state.settings, now)
  const volumes = await deps.store.volumes()
  const freeBytes = volumes.reduce((sum, volume) => sum + volume.freeBytes, 0)
  return {
    name: state.name,
    exists: state.group !== undefined,
    changes: changesOf(state),
    added,
    removed: state.removed.map(({ source }) => ({
      ...{ source, bytes: 0, byRule: false },
      action: wish.removedPoints === 'keep' ? ('keep-points' as const) : ('delete-points' as const),
    })),
    pointsToGo: await pointsToGo(deps.database, state, wish, now),
    initialBytes: added
      .filter(({ action }) => action === 'initial-replication')
      .reduce((sum, { bytes }) => sum + bytes, 0),
    ...{ pointsEach: space.points, estimatedBytes: space.bytes, freeBytes },
    warnings: warningsOf(state, staying.length, space, freeBytes),
  }
}

function plannedSource(source: GroupState['added'][number]): PlannedSource {
  const bytes = source.disks.reduce((sum, disk) => sum + disk.sizeBytes, 0)
  return { source: source.name, action: joiningAction(source), bytes, byRule: source.byRule }
}

function joiningAction(source: GroupState['added'][number]): PlannedAction {
  if (!source.lastPoint) return 'initial-replication'
  if (source.group !== null) return 'move'
  return source.replicaState === 'inactive' ? 'check' : 'continue'
}

function changesOf({ group, name, settings, named }: GroupState): string[] {
  if (!group) return []
  const changes = group.name === name ? [] : [`name: ${group.name} → ${name}`]
  for (const key of Object.keys(settings) as (keyof GroupSettings)[]) {
    const [before, after] = [text(group.settings, key), text(settings, key)]
    if (before !== after) changes.push(`${key}: ${before} → ${after}`)
  }
  for (const { source } of named) changes.push(`${source} stays whatever the rules say`)
  return changes
}

function text(settings: GroupSettings, key: keyof GroupSettings): string {
  if (key === 'keep') return formatKeepRules(settings.keep) || 'none'
  const value = settings[key]
  if (value === null) return 'none'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** So many members' points are looked at together: bounds what is held of those with thousands. */
const MEMBERS_AT_ONCE = 10

/** Points that the new rules, or leaving, would end and that stay as it is now. */
async function pointsToGo(
  q: Queryable,
  state: GroupState,
  wish: GroupWish,
  now: number,
): Promise<GroupPlan['pointsToGo']> {
  const sources = [
    ...state.members.map(({ dataSource, source }) => ({ id: dataSource, source })),
    ...state.added.map(({ id, name }) => ({ id, source: name })),
  ]
  const leaving = new Set(state.removed.map(({ dataSource }) => dataSource))
  const going: GroupPlan['pointsToGo'][number][] = []
  for (let from = 0; from < sources.length; from += MEMBERS_AT_ONCE) {
    const some = sources.slice(from, from + MEMBERS_AT_ONCE)
    const ids = some.map(({ id }) => id)
    const [points, bad] = [await retainedPointsOf(q, ids), await badTimesOf(q, ids)]
    for (const { id, source } of some) {
      const all = points.get(id) ?? []
      const gone = leaving.has(id)
        ? withLeaving(wish, all)
        : newlyGone(state, all, bad.get(id) ?? [], now)
      going.push(...gone.map((point) => ({ ...point, source })))
    }
  }
  return going
}

interface GoingPoint {
  readonly point: string
  readonly reason: string
}

function withLeaving({ removedPoints }: GroupWish, points: readonly RetainedPoint[]): GoingPoint[] {
  return removedPoints === 'keep' ? [] : points.map(({ id }) => ({ point: id, reason: 'removed' }))
}

function newlyGone(
  { group, settings }: GroupState,
  points: readonly RetainedPoint[],
  bad: readonly BadTime[],
  now: number,
): GoingPoint[] {
  const after = decideRetention(points, retentionOf(settings), bad, now)
  const before = group ? decideRetention(points, retentionOf(group.settings), bad, now) : []
  const gone = new Set(before.filter(({ keep }) => !keep).map((decision) => decision.id))
  return after
    .filter(({ id, keep }) => !keep && !gone.has(id))
    .map(({ id, reason }) => ({ point: id, reason }))
}

function warningsOf(
  { settings, added, members }: GroupState,
  staying: number,
  space: { readonly points: number; readonly bytes: number },
  freeBytes: number,
): string[] {
  const warnings: string[] = []
  if (staying === 0) warnings.push('the group has no members: nothing is protected by it')
  const ruled = [...added, ...members].some(({ byRule }) => byRule)
  if (settings.match.length > 0 && !ruled)
    warnings.push('the rules match no data source that is not in a group yet')
  if (settings.match.some((rule) => /^(\w+:)?\*+$/.test(rule)))
    warnings.push('a rule matches everything: each new data source of its kind joins by itself')
  if (space.bytes > freeBytes)
    warnings.push('the store has less room than all points of the members are likely to need')
  if (space.points > 448) warnings.push(`each member will have ${space.points} points`)
  if (settings.points.trim() === 'none') warnings.push('no recovery point is ever due')
  return warnings
}
