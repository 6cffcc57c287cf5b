import { DAY_MS, dayOf, instantOf, MINUTE_MS } from './zone.ts'

/** Minutes between synchronizations that a group may have; all divide a day. */
export const SYNC_MINUTES = [15, 30, 45, 60, 120, 240, 360, 720, 1440] as const

/**
 * Due times after `after`, up to and with `upTo`: every so many minutes from the start of each local
 * day. A day of 23 or 25 hours has some fewer or more, none comes sooner after the last than it should
 * but across midnight.
 */
export function syncsDue(
  minutes: number,
  zone: string,
  after: number,
  upTo: number,
  limit = Infinity,
): number[] {
  const found: number[] = []
  for (let day = dayOf(zone, after) - DAY_MS; found.length < limit; day += DAY_MS) {
    const start = instantOf(zone, day)
    if (start > upTo) break
    const end = instantOf(zone, day + DAY_MS)
    for (let at = start; at < end && at <= upTo; at += minutes * MINUTE_MS)
      if (at > after) found.push(at)
  }
  return found.slice(0, limit)
}

export function lastSyncDue(
  minutes: number,
  zone: string,
  after: number,
  upTo: number,
): number | undefined {
  return syncsDue(minutes, zone, Math.max(after, upTo - 2 * DAY_MS), upTo).at(-1)
}
