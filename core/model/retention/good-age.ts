import { DAY_MS, dayOf } from '../schedule/zone.ts'

/** A time without a consistent replica; `until` is null while it lasts. Milliseconds. */
export interface BadTime {
  readonly from: number
  readonly until: number | null
}

/**
 * How old a point is, in milliseconds, without the days that do not count: every local day of the
 * zone in which the replica was not consistent at some moment since the point was made.
 */
export function goodAge(
  createdAt: number,
  now: number,
  bad: readonly BadTime[],
  zone: string,
): number {
  const days = new Set<number>()
  for (const { from, until } of bad) {
    const first = Math.max(from, createdAt)
    const last = Math.min(until ?? now, now)
    if (last < first) continue
    for (let day = dayOf(zone, first); day <= dayOf(zone, last); day += DAY_MS) days.add(day)
  }
  return now - createdAt - days.size * DAY_MS
}
