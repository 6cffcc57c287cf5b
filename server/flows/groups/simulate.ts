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
 * The points that so many days of a schedule make, each with what the rules say of it on the last day
 * that it is there. Day by day: what one day lets go, no later day can choose.
 */
export function simulateRetention(
  settings: Simulated,
  days: number,
  now: number,
): SimulatedPoint[] {
  const shift = settings.offsetMinutes * MINUTE_MS
  const from = now - days * DAY_MS
  const times = parsePointTimes(settings.points)
  const due = pointsDue(times, settings.timeZone, from - shift, now - shift, MOST_POINTS)
  const made = due.map((at, i) => simulatedPoint(at + shift, i + 1))
  const gone: SimulatedPoint[] = []
  let there: RetainedPoint[] = []
  let next = 0
  for (let day = from + DAY_MS; ; day += DAY_MS) {
    const end = Math.min(day, now)
    while (next < made.length && made[next]!.createdAt <= end) there.push(made[next++]!)
    const decided = decideAll(settings, there, end)
    if (end === now) return [...decided, ...gone].sort((a, b) => b.createdAt - a.createdAt)
    gone.push(...decided.filter(({ keep }) => !keep))
    const stay = new Set(decided.filter(({ keep }) => keep).map(({ id }) => id))
    there = there.filter(({ id }) => stay.has(id))
  }
}

function decideAll(
  { retainDays, keep, timeZone }: Simulated,
  points: readonly RetainedPoint[],
  now: number,
): SimulatedPoint[] {
  const at = new Map(points.map((point) => [point.id, point.createdAt]))
  const decided = decideRetention(points, { rules: { retainDays, keep }, timeZone }, [], now)
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
