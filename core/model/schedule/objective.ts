import type { GroupSettings } from '../group/settings.ts'
import { lastPointDue, parsePointTimes } from './point-times.ts'
import { MINUTE_MS } from './zone.ts'

/** A point that is due may take so long, retries included, before it counts as missed. */
export const LATE_AFTER_MS = 120 * MINUTE_MS

/** Due times of recovery points that passed without one: the last, and whether the one before was missed too. */
export interface MissedPoints {
  readonly dueAt: number
  readonly twice: boolean
}

/**
 * Whether a member's recovery-point objective is missed. Times are milliseconds; `lastPointAt` of its
 * newest good point. What was due before it was a member is no promise.
 */
export function missedPoints(
  { points, timeZone, offsetMinutes }: Pick<GroupSettings, 'points' | 'timeZone' | 'offsetMinutes'>,
  member: { readonly since: number; readonly lastPointAt: number | undefined },
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
