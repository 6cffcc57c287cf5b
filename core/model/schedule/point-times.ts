import { Cron } from 'croner'
import { HoldfastError } from '../error.ts'
import { EVERY_DAY, parseWeekdays, type Weekdays } from './weekdays.ts'
import { DAY_MS, dayOf, instantOf, MINUTE_MS, weekdayOf } from './zone.ts'

/** When recovery points are due: times of day on weekdays, or a cron pattern of five fields. */
export type PointTimes =
  { readonly minutes: readonly number[]; readonly weekdays: Weekdays } | { readonly cron: string }

const NEVER: PointTimes = { minutes: [], weekdays: EVERY_DAY }

/** `08:00,12:00 mon-fri`, `08:00`, a cron pattern, or `none`. Throws 'invalid-argument'. */
export function parsePointTimes(text: string): PointTimes {
  const trimmed = text.trim()
  if (trimmed === '' || trimmed === 'none') return NEVER
  const fields = trimmed.split(/\s+/)
  if (fields.length === 5) return { cron: checkedCron(fields.join(' ')) }
  const minutes = fields[0]?.split(',').map(parseTime) ?? []
  const weekdays = fields[1] === undefined ? EVERY_DAY : parseWeekdays(fields[1])
  if (fields.length > 2 || weekdays === undefined || minutes.includes(-1)) throw wrongTimes(text)
  return { minutes: [...new Set(minutes)].sort((a, b) => a - b), weekdays }
}

/** Minutes since midnight of `08:00`; -1 when it is no time. */
export function parseTime(text: string): number {
  const [, hours, minutes] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text) ?? []
  return hours === undefined ? -1 : Number(hours) * 60 + Number(minutes)
}

function checkedCron(pattern: string): string {
  try {
    new Cron(pattern, { paused: true, mode: '5-part' })
    return pattern
  } catch (error) {
    throw wrongTimes(pattern, error)
  }
}

function wrongTimes(text: string, cause?: unknown): HoldfastError {
  return new HoldfastError('invalid-argument', `${JSON.stringify(text)} is no schedule`, {
    hint: 'Times of day with weekdays, such as "08:00,12:00 mon-fri", or a cron pattern of five fields.',
    cause,
  })
}

/** Due times after `after`, up to and with `upTo`, the first ones where there are more than `limit`. */
export function pointsDue(
  times: PointTimes,
  zone: string,
  after: number,
  upTo: number,
  limit = Infinity,
): number[] {
  if ('cron' in times) return cronDue(times.cron, zone, after, upTo, limit)
  const found: number[] = []
  // A day earlier: a time that the clocks skip at midnight is due on the next day.
  for (let day = dayOf(zone, after) - DAY_MS; found.length < limit; day += DAY_MS) {
    if (day > dayOf(zone, upTo) + DAY_MS) break
    for (const at of dueOnDay(times, zone, day))
      if (at > after && at <= upTo && at !== found.at(-1)) found.push(at)
  }
  return found.slice(0, limit)
}

/** The last one in the same range: what is left to do after a pause. */
export function lastPointDue(
  times: PointTimes,
  zone: string,
  after: number,
  upTo: number,
): number | undefined {
  if ('cron' in times) {
    const [last] = cronOf(times.cron, zone).previousRuns(1, new Date(upTo + 1000))
    return last && last.getTime() > after ? last.getTime() : undefined
  }
  // No weekday lies further back than eight days, those among them that a zone skips included.
  return pointsDue(times, zone, Math.max(after, upTo - 16 * DAY_MS), upTo).at(-1)
}

function dueOnDay(
  { minutes, weekdays }: Exclude<PointTimes, { cron: string }>,
  zone: string,
  day: number,
): number[] {
  if (!weekdays[weekdayOf(day)]) return []
  return minutes
    .map((minute) => instantOf(zone, day + minute * MINUTE_MS))
    .sort((a, b) => a - b)
    .filter((at, i, all) => at !== all[i - 1])
}

function cronDue(
  pattern: string,
  zone: string,
  after: number,
  upTo: number,
  limit: number,
): number[] {
  const cron = cronOf(pattern, zone)
  const found: number[] = []
  let next = cron.nextRun(new Date(after))
  while (next && next.getTime() <= upTo && found.length < limit) {
    if (next.getTime() > after) found.push(next.getTime())
    next = cron.nextRun(next)
  }
  return found
}

const crons = new Map<string, Cron>()

function cronOf(pattern: string, zone: string): Cron {
  const key = `${pattern} ${zone}`
  let cron = crons.get(key)
  if (!cron) {
    cron = new Cron(pattern, { paused: true, timezone: zone, mode: '5-part' })
    crons.set(key, cron)
  }
  return cron
}
