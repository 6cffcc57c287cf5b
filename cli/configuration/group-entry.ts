import { z } from 'zod'
import { checkGroupName } from '../../core/model/group/check-settings.ts'
import { checkMatchRule } from '../../core/model/group/match-rule.ts'
import { isTimeZone } from '../../core/model/schedule/zone.ts'
import { CONSISTENCY_FALLBACKS, WANTED_CONSISTENCIES } from '../../core/model/state.ts'
import {
  daysOption,
  initialOption,
  keepOption,
  minutesOption,
  NEW_SETTINGS,
  objectiveOption,
  oneRateHours,
  pointsOption,
  type Settings,
  syncOption,
} from '../input/group-options.ts'
import { rateOption } from '../input/operand.ts'
import { exactRate } from '../input/size.ts'
import type { Group } from '../reply.ts'
import { checkedText, text } from './entry-value.ts'

/** HOST/NAME. */
export const sourceName = z.string().regex(/^[^/]+\/./su, 'is no HOST/NAME')

/** One group of a configuration file; keys are the options of `group create`. */
export const groupEntry = z
  .strictObject({
    name: checkedText(checkGroupName),
    members: z.array(sourceName).default([]),
    match: z.array(checkedText(checkMatchRule)).default([]),
    points: text(pointsOption).optional(),
    timezone: z.string().refine(isTimeZone, 'is no time zone').optional(),
    offset: text(minutesOption).optional(),
    sync: text(syncOption).optional(),
    retain: text(daysOption).optional(),
    keep: text(keepOption).optional(),
    initial: text(initialTime).optional(),
    consistency: z.enum(WANTED_CONSISTENCIES).optional(),
    fallback: z.enum(CONSISTENCY_FALLBACKS).optional(),
    check: text(pointsOrWord).optional(),
    checkHours: z.int().min(0).max(24).optional(),
    excludeDisks: z.array(z.string().min(1)).default([]),
    rate: text(rateOption).optional(),
    rateHours: z.array(text(oneRateHours)).default([]),
    compression: z.int().min(1).max(19).optional(),
    volume: z.string().min(1).optional(),
    preScript: z.string().min(1).optional(),
    postScript: z.string().min(1).optional(),
    objective: text(objectiveOption).optional(),
  })
  .transform(({ name, members, ...said }) => ({ name, members, settings: settingsOf(said) }))

export type GroupEntry = z.output<typeof groupEntry>

// A distance from now would be another time at each `apply`.
function initialTime(value: string): string {
  if (/^[\d.]+[a-z]/.test(value)) throw new Error('It is now, manual, or a time of the calendar.')
  return initialOption(0)(value)
}

function pointsOrWord(value: string): string {
  return value === 'auto' || value === 'none' ? value : pointsOption(value)
}

type Said = Partial<Settings> & {
  readonly timezone?: string | undefined
  readonly offset?: number | undefined
  readonly sync?: number | null | undefined
  readonly retain?: number | undefined
  readonly rate?: number | undefined
  readonly compression?: number | undefined
  readonly objective?: number | null | undefined
}

/** What the file does not say has the default of a new group. */
function settingsOf(said: { [Key in keyof Said]: Said[Key] | undefined }): Settings {
  const { timezone, offset, sync, retain, rate, compression, objective, ...same } = said
  const named = {
    ...same,
    timeZone: timezone,
    offsetMinutes: offset,
    syncMinutes: sync,
    retainDays: retain,
    bytesPerSecond: rate,
    compressionLevel: compression,
    objectiveMinutes: objective,
  }
  const given = Object.entries(named).filter(([, value]) => value !== undefined)
  return { ...NEW_SETTINGS, ...Object.fromEntries(given) }
}

/** The group as a file says it. What has its default is left out, except what everybody looks for. */
export function toGroupEntry({ name, settings, members }: Group): Record<string, unknown> {
  const all = settings ?? NEW_SETTINGS
  const own = <Key extends keyof Settings>(key: Key, value: unknown = all[key]) =>
    JSON.stringify(all[key]) === JSON.stringify(NEW_SETTINGS[key]) ? undefined : value
  const entry = {
    name,
    members: listed(members.filter(({ byRule }) => !byRule).map(({ source }) => source)),
    match: listed(all.match),
    points: all.points,
    timezone: all.timeZone,
    offset: own('offsetMinutes'),
    sync: own('syncMinutes', all.syncMinutes === null ? 'before-point' : `${all.syncMinutes}m`),
    retain: `${all.retainDays}d`,
    keep: own('keep'),
    initial: own('initial'),
    consistency: own('consistency'),
    fallback: own('fallback'),
    check: own('check'),
    checkHours: own('checkHours'),
    excludeDisks: own('excludeDisks'),
    rate: own('bytesPerSecond', exactRate(all.bytesPerSecond)),
    rateHours: listed(all.rateHours.map(readableRate)),
    compression: own('compressionLevel'),
    volume: own('volume'),
    preScript: own('preScript'),
    postScript: own('postScript'),
    objective: own('objectiveMinutes', `${all.objectiveMinutes}m`),
  }
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined))
}

function listed(items: readonly string[]): readonly string[] | undefined {
  return items.length === 0 ? undefined : items
}

function readableRate(hours: string): string {
  const at = hours.lastIndexOf('=')
  return `${hours.slice(0, at)}=${exactRate(Number(hours.slice(at + 1)))}`
}
