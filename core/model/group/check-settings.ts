import { HoldfastError } from '../error.ts'
import { parseKeepRules, formatKeepRules, LONGEST_DAYS, SHORTEST_DAYS } from '../retention/rules.ts'
import { parsePointTimes, pointsDue } from '../schedule/point-times.ts'
import { CONSISTENCY_FALLBACKS, WANTED_CONSISTENCIES } from '../state.ts'
import { SYNC_MINUTES } from '../schedule/sync-times.ts'
import { DAY_MS, isTimeZone, MINUTE_MS } from '../schedule/zone.ts'
import { checkMatchRule } from './match-rule.ts'
import { parseRateHours } from './rate-hours.ts'
import type { GroupSettings } from './settings.ts'

const LONGEST_NAME = 64
const DAY_MINUTES = 24 * 60
const ORDINARY_WEEK = Date.UTC(2025, 0, 6) // a Monday

/** Letters, digits and what file names have; the same for people, files and addresses of pages. */
export function checkGroupName(name: string): string {
  if (/^[\p{L}\p{N}][\p{L}\p{N}._ -]*$/u.test(name) && name.length <= LONGEST_NAME) return name
  throw wrong(
    `${JSON.stringify(name)} is no name for a group`,
    `1 to ${LONGEST_NAME} letters, digits, spaces and . _ -, the first a letter or digit.`,
  )
}

/** Throws 'invalid-argument' with the first thing that is wrong; what it gives is in order. */
export function checkSettings(settings: GroupSettings): GroupSettings {
  settings.match.forEach(checkMatchRule)
  settings.rateHours.forEach(parseRateHours)
  whole('the retention range in days', settings.retainDays, SHORTEST_DAYS, LONGEST_DAYS)
  whole('the start offset in minutes', settings.offsetMinutes, 0, 59)
  whole('the hours of a check', settings.checkHours, 0, 24)
  whole('the limit of bytes a second', settings.bytesPerSecond, 0, Number.MAX_SAFE_INTEGER)
  if (settings.objectiveMinutes !== null)
    whole('the minutes of the objective', settings.objectiveMinutes, 15, LONGEST_DAYS * DAY_MINUTES)
  if (settings.compressionLevel !== null)
    whole('the compression level', settings.compressionLevel, 1, 19)
  oneOf('consistency', settings.consistency, WANTED_CONSISTENCIES)
  oneOf('fallback', settings.fallback, CONSISTENCY_FALLBACKS)
  if (!isTimeZone(settings.timeZone))
    throw wrong(
      `${JSON.stringify(settings.timeZone)} is no time zone`,
      'Names are those of the IANA data, such as Europe/Berlin or UTC.',
    )
  checkInitial(settings.initial)
  checkChecks(settings.check)
  checkScript(settings.preScript)
  checkScript(settings.postScript)
  checkSchedule(settings)
  return { ...settings, keep: parseKeepRules(formatKeepRules(settings.keep)) }
}

function checkInitial(initial: string): void {
  if (initial === 'now' || initial === 'manual') return
  if (!Number.isNaN(Date.parse(initial)) && /^\d{4}-/.test(initial)) return
  throw wrong(`initial: ${JSON.stringify(initial)}`, 'It is now, manual, or a time as ISO 8601.')
}

function checkChecks(check: string): void {
  if (check === 'auto' || check === 'none') return
  if ('cron' in parsePointTimes(check)) return
  throw wrong(`check: ${JSON.stringify(check)}`, 'It is auto, none, or a cron pattern.')
}

function checkScript(name: string | null): void {
  if (name === null || /^[\w][\w.-]*$/.test(name)) return
  throw wrong(
    `${JSON.stringify(name)} is no name of a script`,
    "A file of the agent's own folder (--scripts), without a path.",
  )
}

/** Between two points lies at least one synchronization. */
function checkSchedule({ points, syncMinutes }: GroupSettings): void {
  const times = parsePointTimes(points)
  if (syncMinutes === null) return
  if (!SYNC_MINUTES.some((allowed) => allowed === syncMinutes))
    throw wrong(
      `a synchronization every ${syncMinutes} minutes`,
      `One of ${SYNC_MINUTES.join(', ')} minutes, or before-point.`,
    )
  const week = pointsDue(times, 'UTC', ORDINARY_WEEK - 1, ORDINARY_WEEK + 7 * DAY_MS, 20_000)
  const near = week.find((at, i) => i > 0 && at - (week[i - 1] ?? 0) < syncMinutes * MINUTE_MS)
  if (near !== undefined)
    throw wrong(
      `two recovery points lie less than ${syncMinutes} minutes apart`,
      'Synchronize more often, or before-point.',
    )
}

function whole(what: string, value: number, least: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return
  throw wrong(`${what} cannot be ${value}`, `It is a whole number from ${least} to ${most}.`)
}

function oneOf(what: string, value: string, words: readonly string[]): void {
  if (words.includes(value)) return
  throw wrong(`${what}: ${JSON.stringify(value)}`, `One of ${words.join(', ')}.`)
}

function wrong(message: string, hint: string): HoldfastError {
  return new HoldfastError('invalid-argument', message, { hint })
}
