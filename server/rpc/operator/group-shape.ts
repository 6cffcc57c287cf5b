import type { Group__Output } from '../../../core/wire/generated/holdfast/v1/Group.ts'
import type { GroupSettings__Output } from '../../../core/wire/generated/holdfast/v1/GroupSettings.ts'
import { DEFAULT_SETTINGS, type GroupSettings } from '../../../core/model/group/settings.ts'
import { formatKeepRules, parseKeepRules } from '../../../core/model/retention/rules.ts'
import { parsePointTimes, pointsDue } from '../../../core/model/schedule/point-times.ts'
import { syncsDue } from '../../../core/model/schedule/sync-times.ts'
import { DAY_MS, MINUTE_MS } from '../../../core/model/schedule/zone.ts'
import { CONSISTENCY_FALLBACKS, WANTED_CONSISTENCIES } from '../../../core/model/state.ts'
import type { GroupView } from '../../catalog/groups-view.ts'
import { withoutAbsent } from './absent.ts'
import { requireOneOf } from './arguments.ts'

export function toSettings(settings: GroupSettings): GroupSettings__Output {
  const { match, keep, excludeDisks, rateHours, ...rest } = settings
  return {
    ...withoutAbsent(rest),
    match: [...match],
    keep: formatKeepRules(keep),
    excludeDisks: [...excludeDisks],
    rateHours: [...rateHours],
  }
}

/** From the wire, where what is not said is empty: that has its default. What is wrong with it is told by whoever checks the whole. */
export function fromSettings(wire: GroupSettings__Output, timeZone: string): GroupSettings {
  return {
    match: wire.match,
    retainDays: wire.retainDays || DEFAULT_SETTINGS.retainDays,
    keep: parseKeepRules(wire.keep),
    syncMinutes: wire.syncMinutes ?? null,
    points: wire.points || DEFAULT_SETTINGS.points,
    timeZone: wire.timeZone || timeZone,
    offsetMinutes: wire.offsetMinutes,
    initial: wire.initial || DEFAULT_SETTINGS.initial,
    consistency: requireOneOf(
      'consistency',
      wire.consistency || DEFAULT_SETTINGS.consistency,
      WANTED_CONSISTENCIES,
    ),
    fallback: requireOneOf(
      'fallback',
      wire.fallback || DEFAULT_SETTINGS.fallback,
      CONSISTENCY_FALLBACKS,
    ),
    check: wire.check || DEFAULT_SETTINGS.check,
    checkHours: wire.checkHours,
    excludeDisks: wire.excludeDisks,
    bytesPerSecond: wire.bytesPerSecond,
    rateHours: wire.rateHours,
    compressionLevel: wire.compressionLevel ?? null,
    volume: wire.volume || null,
    preScript: wire.preScript || null,
    postScript: wire.postScript || null,
    objectiveMinutes: wire.objectiveMinutes || null,
  }
}

export function toGroup(
  group: GroupView,
  now: number,
  warnings: readonly string[] = [],
): Group__Output {
  return {
    ...{ id: group.id, name: group.name, createdAt: group.createdAt, changedAt: group.changedAt },
    settings: toSettings(group.settings),
    members: group.members.map((member) => ({
      ...withoutAbsent(member),
      inconsistencies: [...member.inconsistencies],
    })),
    ...withoutAbsent(nextDues(group.settings, now)),
    warnings: [...warnings],
  }
}

const LOOK_AHEAD_MS = 400 * DAY_MS

function nextDues({ points, syncMinutes, timeZone, offsetMinutes }: GroupSettings, now: number) {
  const shift = offsetMinutes * MINUTE_MS
  const from = now - shift
  const [point] = pointsDue(parsePointTimes(points), timeZone, from, from + LOOK_AHEAD_MS, 1)
  const [sync] =
    syncMinutes === null ? [] : syncsDue(syncMinutes, timeZone, from, from + 2 * DAY_MS, 1)
  const iso = (at: number | undefined) =>
    at === undefined ? undefined : new Date(at + shift).toISOString()
  return { nextPointAt: iso(point), nextSyncAt: iso(sync) }
}
