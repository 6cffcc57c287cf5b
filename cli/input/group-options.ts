import { type Command, InvalidArgumentError, Option } from 'commander'
import { parseKeepRules } from '../../core/model/retention/rules.ts'
import { parsePointTimes } from '../../core/model/schedule/point-times.ts'
import { CONSISTENCY_FALLBACKS, WANTED_CONSISTENCIES } from '../../core/model/state.ts'
import type { GroupSettings__Output } from '../../core/wire/generated/holdfast/v1/GroupSettings.ts'
import type { Group } from '../reply.ts'
import { collect, countOption, rateOption } from './operand.ts'
import { parseDuration } from './duration.ts'
import { parseMoment } from './moment.ts'
import { parseRate } from './size.ts'

/** What of a group's settings was said on the command line; the rest stays as it is. */
export interface GroupOptions {
  readonly match?: readonly string[]
  readonly retain?: number
  readonly keep?: string
  readonly sync?: number | null
  readonly points?: string
  readonly timezone?: string
  readonly offset?: number
  readonly initial?: string
  readonly consistency?: string
  readonly fallback?: string
  readonly check?: string
  readonly checkHours?: number
  readonly excludeDisk?: readonly string[]
  readonly rate?: number
  readonly rateHours?: readonly string[]
  readonly compression?: number
  readonly volume?: string
  readonly preScript?: string
  readonly postScript?: string
  readonly objective?: number | null
}

export type Settings = NonNullable<Group['settings']>

export function addGroupOptions(command: Command, now: number): Command {
  return addRetentionOptions(command)
    .option('--match <rule>', 'name:PATTERN, host:HOST or tag:TAG joins by itself', collect)
    .option('--sync <interval>', '15m to 24h, or before-point', syncOption)
    .option('--offset <minutes>', 'added to every due time, 0 to 59', minutesOption)
    .option('--initial <when>', 'first replica: now, a time, or manual', initialOption(now))
    .addOption(
      new Option('--consistency <level>', 'wanted of running VMs').choices(WANTED_CONSISTENCIES),
    )
    .addOption(
      new Option('--fallback <what>', 'where it is not reached').choices(CONSISTENCY_FALLBACKS),
    )
    .option('--check <when>', 'of an inconsistent replica: auto, none, or a cron pattern')
    .option('--check-hours <hours>', 'how long a scheduled check may take', countOption)
    .option('--exclude-disk <disk>', 'name of a disk to leave out', collect)
    .option('--rate <rate>', 'limit such as 50MiB a second, or none', rateOption)
    .option(
      '--rate-hours <hours>',
      '"08:00-18:00 mon-fri=10MiB": other limits then',
      rateHoursOption,
    )
    .option('--compression <level>', "zstd's, 1 to 19", countOption)
    .option('--volume <dir>', 'volume of the store to prefer')
    .option('--pre-script <name>', "run before, out of the agent's --scripts folder")
    .option('--post-script <name>', 'run afterwards')
    .option(
      '--objective <age>',
      'alert when the newest point is older: 26h; or schedule',
      objectiveOption,
    )
}

/** Those that `storage retention-preview` takes as well. */
export function addRetentionOptions(command: Command): Command {
  return command
    .option('--retain <days>', 'keep every point so long: 14d', daysOption)
    .option('--keep <rules>', 'further ones: daily=7,weekly=4,monthly=12', keepOption)
    .option('--points <schedule>', '"08:00,12:00 mon-fri", a cron pattern, or none', pointsOption)
    .option('--timezone <zone>', 'IANA name, such as Europe/Berlin')
}

/** The settings with what was said put over them, as they are sent: what is null is left out. */
export function withOptions(before: Settings, options: GroupOptions): GroupSettings__Output {
  const said: { [Key in keyof Settings]?: Settings[Key] | undefined } = {
    match: options.match && [...options.match.filter((rule) => rule !== 'none')],
    retainDays: options.retain,
    keep: options.keep,
    ...('sync' in options ? { syncMinutes: options.sync } : {}),
    points: options.points,
    timeZone: options.timezone,
    offsetMinutes: options.offset,
    initial: options.initial,
    consistency: options.consistency,
    fallback: options.fallback,
    check: options.check,
    checkHours: options.checkHours,
    excludeDisks: options.excludeDisk && options.excludeDisk.filter((disk) => disk !== 'none'),
    bytesPerSecond: options.rate,
    rateHours: options.rateHours && [...options.rateHours],
    compressionLevel: options.compression,
    volume: options.volume,
    preScript: options.preScript,
    postScript: options.postScript,
    ...('objective' in options ? { objectiveMinutes: options.objective } : {}),
  }
  const given = Object.entries(said).filter(([, value]) => value !== undefined)
  return sentSettings({ ...before, ...Object.fromEntries(given) })
}

export function sentSettings(all: Settings): GroupSettings__Output {
  const sent: unknown = Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== null),
  )
  return sent as GroupSettings__Output
}

/** Of a new group, where nothing was said; the server puts its own time zone in. */
export const NEW_SETTINGS: Settings = {
  match: [],
  retainDays: 5,
  keep: '',
  syncMinutes: null,
  points: '08:00,12:00,18:00',
  timeZone: '',
  offsetMinutes: 0,
  initial: 'now',
  consistency: 'application',
  fallback: 'crash',
  check: 'auto',
  checkHours: 0,
  excludeDisks: [],
  bytesPerSecond: 0,
  rateHours: [],
  compressionLevel: null,
  volume: null,
  preScript: null,
  postScript: null,
  objectiveMinutes: null,
}

export function daysOption(text: string): number {
  const seconds = /^\d+$/.test(text) ? Number(text) * 86_400 : parseDuration(text)
  if (seconds !== undefined && seconds > 0 && seconds % 86_400 === 0) return seconds / 86_400
  throw new InvalidArgumentError('It is no number of days such as 14d.')
}

export function keepOption(text: string): string {
  return checked(text, parseKeepRules)
}

export function pointsOption(text: string): string {
  return checked(text, parsePointTimes)
}

function checked(text: string, parse: (text: string) => unknown): string {
  try {
    parse(text)
    return text
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error))
  }
}

/** Minutes; null is just before a point. */
export function syncOption(text: string): number | null {
  if (text === 'before-point') return null
  const seconds = parseDuration(text)
  if (seconds !== undefined && seconds % 60 === 0) return seconds / 60
  throw new InvalidArgumentError('It is no interval such as 15m, and not before-point.')
}

/** Minutes; null is as the schedule promises. */
export function objectiveOption(text: string): number | null {
  if (text === 'schedule') return null
  const seconds = parseDuration(text)
  if (seconds !== undefined && seconds % 60 === 0) return seconds / 60
  throw new InvalidArgumentError('It is no age such as 26h, and not schedule.')
}

export function minutesOption(text: string): number {
  if (/^[0-5]?\d$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It is no number of minutes from 0 to 59.')
}

export function initialOption(now: number): (text: string) => string {
  return (text) => {
    if (text === 'now' || text === 'manual') return text
    const moment = parseMoment(text, now, 1)
    if (moment !== undefined) return moment
    throw new InvalidArgumentError('It is now, manual, or a time such as 2026-11-22T22:00Z.')
  }
}

export function rateHoursOption(
  text: string,
  before: readonly string[] | undefined,
): readonly string[] {
  return [...(before ?? []), oneRateHours(text)]
}

/** The rate becomes bytes a second: the server knows no units. */
export function oneRateHours(text: string): string {
  const at = text.lastIndexOf('=')
  const rate = parseRate(text.slice(at + 1).trim())
  if (at > 0 && rate !== undefined) return `${text.slice(0, at)}=${rate}`
  throw new InvalidArgumentError('It limits no hours: such as "08:00-18:00 mon-fri=10MiB".')
}
