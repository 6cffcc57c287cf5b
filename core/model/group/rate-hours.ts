import { HoldfastError } from '../error.ts'
import { parseTime } from '../schedule/point-times.ts'
import { EVERY_DAY, parseWeekdays, type Weekdays } from '../schedule/weekdays.ts'
import { DAY_MS, MINUTE_MS, wallOf, weekdayOf } from '../schedule/zone.ts'

/** A limit for some hours of some days; `to` at or before `from` runs over midnight. */
export interface RateHours {
  readonly from: number
  readonly to: number
  readonly weekdays: Weekdays
  /** 0: no limit in these hours. */
  readonly bytesPerSecond: number
}

/** `08:00-18:00 mon-fri=10485760`: rates in bytes a second here. Throws 'invalid-argument'. */
export function parseRateHours(text: string): RateHours {
  const [, from = '', to = '', days, rate] =
    /^\s*(\d+:\d+)\s*-\s*(\d+:\d+)(?:\s+([a-z,-]+))?\s*=\s*(\d+)\s*$/i.exec(text) ?? []
  const weekdays = days === undefined ? EVERY_DAY : parseWeekdays(days)
  const hours = { from: parseTime(from), to: to === '24:00' ? 0 : parseTime(to) }
  const bytesPerSecond = Number(rate)
  if (hours.from >= 0 && hours.to >= 0 && weekdays && Number.isSafeInteger(bytesPerSecond))
    return { ...hours, weekdays, bytesPerSecond }
  throw new HoldfastError('invalid-argument', `${JSON.stringify(text)} limits no hours`, {
    hint: 'Such as "08:00-18:00 mon-fri=10MiB".',
  })
}

/** The limit at a moment: that of the first hours which it lies in, else the general one. 0: none. */
export function rateAt(
  hours: readonly RateHours[],
  general: number,
  zone: string,
  at: number,
): number {
  const wall = wallOf(zone, at)
  return hours.find((one) => isIn(one, wall))?.bytesPerSecond ?? general
}

function isIn({ from, to, weekdays }: RateHours, wall: number): boolean {
  const minute = Math.floor((wall % DAY_MS) / MINUTE_MS)
  const today = weekdays[weekdayOf(wall)] === true
  if (from < to) return today && minute >= from && minute < to
  const yesterday = weekdays[weekdayOf(wall - DAY_MS)] === true
  return (today && minute >= from) || (yesterday && minute < to)
}

/** Of two limits the lower; 0 is none. */
export function lowerRate(a: number, b: number): number {
  return a === 0 || b === 0 ? a + b : Math.min(a, b)
}
