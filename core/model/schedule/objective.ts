import type { GroupSettings } from '../group/settings.ts'
import { lastPointDue, parsePointTimes } from './point-times.ts'
import { MINUTE_MS } from './zone.ts'

/** What decides about it of a group's settings. */
export type Objective = Pick<
  GroupSettings,
  'points' | 'timeZone' | 'offsetMinutes' | 'objectiveMinutes'
>

/** A point that is due may take so long, retries included, before it counts as missed. */
export const LATE_AFTER_MS = 120 * MINUTE_MS

/**
 * Times by which there was to be a recovery point, and none came: the last, and whether the one before was
 * missed too.
 */
export interface MissedPoints {
  readonly dueAt: number
  readonly twice: boolean
}

/**
 * Whether a member's recovery-point objective is missed. Times are milliseconds; `lastPointAt` of its
 * newest good point. What was due before it was a member is no promise.
 */
export function missedPoints(
  objective: Objective,
  member: Member,
  now: number,
): MissedPoints | undefined {
  const { objectiveMinutes } = objective
  return objectiveMinutes === null
    ? missedBySchedule(objective, member, now)
    : olderThan(objectiveMinutes * MINUTE_MS, member, now)
}

interface Member {
  readonly since: number
  readonly lastPointAt: number | undefined
}

/** Whatever the schedule says: also where points are made by hand. */
function olderThan(
  limit: number,
  { since, lastPointAt = since }: Member,
  now: number,
): MissedPoints | undefined {
  const from = Math.max(since, lastPointAt)
  const times = Math.floor((now - from - 1) / limit)
  return times < 1 ? undefined : { dueAt: from + times * limit, twice: times > 1 }
}

function missedBySchedule(
  { points, timeZone, offsetMinutes }: Objective,
  member: Member,
  now: number,
): MissedPoints | undefined {
  const times = parsePointTimes(points)
  const shift = offsetMinutes * MINUTE_MS
  const dueBefore = (at: number) => {
    const due = lastPointDue(times, timeZone, member.since - shift, at - shift)
    return due === undefined ? undefined : due + shift
  }
  const isMissed = (due: number | undefined): due is number =>
    due !== undefined && (member.lastPointAt === undefined || member.lastPointAt < due)
  const due = dueBefore(now - LATE_AFTER_MS)
  if (!isMissed(due)) return undefined
  return { dueAt: due, twice: isMissed(dueBefore(due - 1)) }
}
