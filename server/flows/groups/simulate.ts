import type { GroupSettings } from '../../../core/model/group/settings.ts'
import {
  decideRetention,
  type RetainedPoint,
  type RetentionDecision,
} from '../../../core/model/retention/policy.ts'
import type { RetentionRules } from '../../../core/model/retention/rules.ts'
import { parsePointTimes, pointsDue } from '../../../core/model/schedule/point-times.ts'
import { DAY_MS, MINUTE_MS } from '../../../core/model/schedule/zone.ts'

export interface SimulatedPoint extends RetentionDecision {
  readonly createdAt: number
}

type Simulated = Pick<GroupSettings, 'points' | 'timeZone' | 'offsetMinutes'> & RetentionRules

const MOST_POINTS = 40_000

/**
 * The points that so many days of a schedule would have made, each with what the rules say of it on
 * the last day. The rules are applied to all at once: what a rule dropped on the way would not come
 * back, and none of them ever chooses what it dropped before.
 */
export function simulateRetention(
  settings: Simulated,
  days: number,
  now: number,
): SimulatedPoint[] {
  const times = parsePointTimes(settings.points)
  const from = now - days * DAY_MS
  const due = pointsDue(times, settings.timeZone, from, now, MOST_POINTS)
  const points = due.map((at, i) => simulatedPoint(at + settings.offsetMinutes * MINUTE_MS, i + 1))
  const rules = { retainDays: settings.retainDays, keep: settings.keep }
  const decided = decideRetention(points, { rules, timeZone: settings.timeZone }, [], now)
  const at = new Map(points.map((point) => [point.id, point.createdAt]))
  return decided.map((decision) => ({ ...decision, createdAt: at.get(decision.id) ?? 0 }))
}

export function keptOfYear(settings: Simulated, now: number): SimulatedPoint[] {
  return simulateRetention(settings, 366, now).filter(({ keep }) => keep)
}

function simulatedPoint(createdAt: number, sequence: number): RetainedPoint {
  return {
    ...{ id: `#${sequence}`, sequence, createdAt, state: 'ready', protected: false },
    ...{ label: null, expiresAt: null, lockedUntil: null },
  }
}
