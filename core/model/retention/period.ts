import { DAY_MS, HOUR_MS, offsetAt, startOfDay, weekdayOf } from '../schedule/zone.ts'
import type { KeepWord } from './rules.ts'

/**
 * Names the hour, day, ISO week, month or year of the zone that an instant lies in. Days and longer
 * count by the wall clock; an hour that is shown twice is two hours.
 */
export function periodOf(word: Exclude<KeepWord, 'last'>, zone: string, at: number): string {
  const offset = offsetAt(zone, at)
  const wall = at + offset
  const date = new Date(wall)
  switch (word) {
    case 'hourly':
      return `${Math.floor(wall / HOUR_MS)} ${offset}`
    case 'daily':
      return String(startOfDay(wall))
    case 'weekly':
      return String(startOfDay(wall) - weekdayOf(wall) * DAY_MS)
    case 'monthly':
      return `${date.getUTCFullYear()}-${date.getUTCMonth()}`
    case 'yearly':
      return String(date.getUTCFullYear())
  }
}
