import type { GroupSettings } from '../../../core/model/group/settings.ts'
import {
  lastPointDue,
  parsePointTimes,
  type PointTimes,
} from '../../../core/model/schedule/point-times.ts'
import { lastSyncDue } from '../../../core/model/schedule/sync-times.ts'
import {
  insertDues,
  moveLookedAt,
  type DueKind,
  type LookedAt,
  type NewDue,
} from '../../catalog/dues.ts'
import { listMembers, type MemberRow } from '../../catalog/group-members.ts'
import { listGroups, type GroupRow } from '../../catalog/groups.ts'
import type { ScheduleDeps } from './schedule-deps.ts'
import { spreadOf } from './spread.ts'

const MINUTE_MS = 60_000

/** A look this late missed nothing: ticks come once a minute, and a busy server a little later. */
const LATE_MS = 5 * MINUTE_MS
/** The clock went back by more than this: what was looked at lies in a future that may not come. */
const BACK_MS = 2 * MINUTE_MS

interface Planning {
  readonly kind: DueKind
  readonly what: LookedAt
  readonly until: (member: MemberRow) => Date
  /** The last due time of the group in the range; what was missed before it is not made up for. */
  readonly last: (after: number, upTo: number) => number | undefined
}

/**
 * Writes down what has become due since the last look: one row a member and kind at most; two
 * statements a group and kind, however many members it has.
 */
export async function planDues(deps: ScheduleDeps): Promise<void> {
  const groups = await listGroups(deps.database)
  if (groups.length === 0) return
  const members = Map.groupBy(await listMembers(deps.database), ({ group }) => group)
  for (const group of groups) {
    const own = members.get(group.id) ?? []
    await planInitial(deps, group, own)
    for (const planning of planningsOf(group.settings))
      await planMembers(deps, group, own, planning)
  }
}

/** Once for each time of joining, also where a rebuild has lost what was due. */
async function planInitial(
  { database, clock }: ScheduleDeps,
  { id: group }: GroupRow,
  members: readonly MemberRow[],
): Promise<void> {
  const now = new Date(clock.now())
  const dues = members.flatMap(({ dataSource, hasVersion, initialAt }) =>
    hasVersion || initialAt === null || initialAt > now
      ? []
      : { dataSource, kind: 'initial' as const, dueAt: initialAt, group, notBefore: now },
  )
  await insertDues(database, dues)
}

function planningsOf(settings: GroupSettings): Planning[] {
  const { timeZone, syncMinutes, offsetMinutes, check } = settings
  const plannings = [points('point', 'points', settings, parsePointTimes(settings.points))]
  if (syncMinutes !== null)
    plannings.push({
      ...{ kind: 'synchronize', what: 'syncs', until: (member) => member.syncsUntil },
      last: shifted(offsetMinutes, (after, upTo) =>
        lastSyncDue(syncMinutes, timeZone, after, upTo),
      ),
    })
  if (check !== 'auto' && check !== 'none')
    plannings.push(points('check', 'checks', settings, parsePointTimes(check)))
  return plannings
}

function points(
  kind: DueKind,
  what: 'points' | 'checks',
  { timeZone, offsetMinutes }: GroupSettings,
  times: PointTimes,
): Planning {
  return {
    ...{ kind, what },
    until: (member) => (what === 'points' ? member.pointsUntil : member.checksUntil),
    last: shifted(offsetMinutes, (after, upTo) => lastPointDue(times, timeZone, after, upTo)),
  }
}

function shifted(minutes: number, last: Planning['last']): Planning['last'] {
  const shift = minutes * MINUTE_MS
  return (after, upTo) => {
    const at = last(after - shift, upTo - shift)
    return at === undefined ? undefined : at + shift
  }
}

async function planMembers(
  { database, clock }: ScheduleDeps,
  { id: group }: GroupRow,
  members: readonly MemberRow[],
  planning: Planning,
): Promise<void> {
  const now = clock.now()
  const looked = members.filter((member) => isToMove(planning.until(member).getTime(), now))
  if (looked.length === 0) return
  const last = remembered((seen) => planning.last(seen, now))
  const dues = looked.flatMap((member) => dueOf({ ...planning, last }, member, group, now))
  await database.tx(async (q) => {
    const seen = looked.map((member) => ({ id: member.dataSource, until: planning.until(member) }))
    const moved = await moveLookedAt(q, planning.what, seen, new Date(now))
    await insertDues(
      q,
      dues.filter(({ dataSource }) => moved.has(dataSource)),
    )
  })
}

/** Members that joined together were looked at together: a time zone is asked once for all of them. */
function remembered<R>(compute: (seen: number) => R): (seen: number) => R {
  const known = new Map<number, R>()
  return (seen) => {
    if (!known.has(seen)) known.set(seen, compute(seen))
    return known.get(seen) as R
  }
}

/** Time went on, or it went back for good. */
function isToMove(seen: number, now: number): boolean {
  return seen <= now || seen - now > BACK_MS
}

function dueOf(
  {
    kind,
    until,
    last,
  }: Omit<Planning, 'last'> & {
    readonly last: (seen: number) => number | undefined
  },
  member: MemberRow,
  group: string,
  now: number,
): NewDue[] {
  const seen = until(member).getTime()
  const at = seen <= now && canRun(kind, member) ? last(seen) : undefined
  if (at === undefined) return []
  const { dataSource } = member
  const notBefore = new Date(now - at > LATE_MS ? now + spreadOf(dataSource) : now)
  return [{ dataSource, kind, dueAt: new Date(at), group, notBefore }]
}

/** Before the first replica there is nothing to build on; its own due row brings that about. */
function canRun(kind: DueKind, { hasVersion, replicaState }: MemberRow): boolean {
  if (kind === 'check') return replicaState === 'inconsistent'
  return hasVersion || replicaState === 'missing'
}
