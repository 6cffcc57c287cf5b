import type { GroupSettings } from '../../../core/model/group/settings.ts'
import {
  lastPointDue,
  parsePointTimes,
  type PointTimes,
} from '../../../core/model/schedule/point-times.ts'
import { lastSyncDue } from '../../../core/model/schedule/sync-times.ts'
import { insertDue, moveLookedAt, type DueKind, type LookedAt } from '../../catalog/dues.ts'
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

/** Writes down what has become due since the last look: one row a member and kind at most. */
export async function planDues(deps: ScheduleDeps): Promise<void> {
  const groups = await listGroups(deps.database)
  if (groups.length === 0) return
  const members = await listMembers(deps.database)
  for (const group of groups) {
    const own = members.filter((member) => member.group === group.id)
    for (const member of own) await planInitial(deps, group, member)
    for (const planning of planningsOf(group.settings))
      for (const member of own) await planMember(deps, group, member, planning)
  }
}

/** Once for each time of joining, also where a rebuild has lost what was due. */
async function planInitial(
  { database, clock }: ScheduleDeps,
  group: GroupRow,
  { dataSource, hasVersion, initialAt }: MemberRow,
): Promise<void> {
  const now = new Date(clock.now())
  if (hasVersion || initialAt === null || initialAt > now) return
  const due = { dataSource, kind: 'initial', dueAt: initialAt, group: group.id } as const
  await insertDue(database, { ...due, notBefore: now })
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

async function planMember(
  { database, clock }: ScheduleDeps,
  group: GroupRow,
  member: MemberRow,
  { kind, what, until, last }: Planning,
): Promise<void> {
  const { dataSource } = member
  const now = clock.now()
  const seen = until(member).getTime()
  if (seen > now) {
    if (seen - now > BACK_MS)
      await moveLookedAt(database, dataSource, what, until(member), new Date(now))
    return
  }
  const at = canRun(kind, member) ? last(seen, now) : undefined
  const late = at !== undefined && now - at > LATE_MS
  const notBefore = new Date(late ? now + spreadOf(dataSource) : now)
  await database.tx(async (q) => {
    if (!(await moveLookedAt(q, dataSource, what, until(member), new Date(now)))) return
    if (at === undefined) return
    await insertDue(q, { dataSource, kind, dueAt: new Date(at), group: group.id, notBefore })
  })
}

/** Before the first replica there is nothing to build on; its own due row brings that about. */
function canRun(kind: DueKind, { hasVersion, replicaState }: MemberRow): boolean {
  if (kind === 'check') return replicaState === 'inconsistent'
  return hasVersion || replicaState === 'missing'
}
