import type { RetentionDecision__Output } from '../../../core/wire/generated/holdfast/v1/RetentionDecision.ts'
import { checkSettings } from '../../../core/model/group/check-settings.ts'
import { DEFAULT_SETTINGS, type GroupSettings } from '../../../core/model/group/settings.ts'
import { decideRetention, type RetentionSettings } from '../../../core/model/retention/policy.ts'
import { resolveAlert } from '../../catalog/alerts.ts'
import type { Queryable } from '../../catalog/database.ts'
import { recordEvent } from '../../catalog/events.ts'
import { listMembers } from '../../catalog/group-members.ts'
import { getGroup } from '../../catalog/groups.ts'
import { badTimes } from '../../catalog/inconsistencies.ts'
import { resolveSource } from '../../catalog/names.ts'
import { retainedPoints } from '../../catalog/retained-points.ts'
import { clearJump, readScheduleClock } from '../../catalog/schedule-clock.ts'
import { getSource } from '../../catalog/sources.ts'
import { retentionOf, retentionOfSource } from '../../flows/groups/retention-settings.ts'
import { simulateRetention } from '../../flows/groups/simulate.ts'
import { requireWritable } from '../../flows/server-mode.ts'
import type { OperatorHandlers } from '../operator-handlers.ts'
import type { OperatorDeps } from './deps.ts'
import { fromSettings } from './group-shape.ts'

type RetentionHandlers = Pick<OperatorHandlers, 'previewRetention' | 'confirmClock'>

const YEAR_DAYS = 365

export function retentionHandlers({ database, clock, mode }: OperatorDeps): RetentionHandlers {
  return {
    previewRetention: async ({ group, source, settings, days }) => {
      const now = clock.now()
      const given = settings ? checkSettings(fromSettings(settings, 'UTC')) : undefined
      if (!group && !source) return { decisions: simulated(given, days || YEAR_DAYS, now) }
      const sources = group
        ? (await listMembers(database, (await getGroup(database, group)).id)).map(
            (m) => m.dataSource,
          )
        : [await resolveSource(database, source ?? '')]
      const decisions: RetentionDecision__Output[] = []
      for (const id of sources) {
        const rules = given ? retentionOf(given) : await retentionOfSource(database, id)
        decisions.push(...(await decisionsOf(database, id, rules, now)))
      }
      return { decisions }
    },
    confirmClock: async (_, caller) => {
      requireWritable(mode)
      const before = await readScheduleClock(database)
      await database.tx(async (q) => {
        await clearJump(q)
        await resolveAlert(q, 'clock-jumped', 'server')
        const message = 'the time was confirmed: what is due to expire may go'
        await recordEvent(q, {
          kind: 'clock-confirmed',
          about: 'server',
          message,
          actor: caller.name,
        })
      })
      return {
        ...(before?.jumpedFrom ? { jumpedFrom: before.jumpedFrom.toISOString() } : {}),
        ...(before?.jumpedTo ? { jumpedTo: before.jumpedTo.toISOString() } : {}),
        expires: true,
      }
    },
  }
}

function simulated(
  settings: GroupSettings = DEFAULT_SETTINGS,
  days: number,
  now: number,
): RetentionDecision__Output[] {
  return simulateRetention(settings, days, now).map(({ id, createdAt, keep, reason }) => ({
    ...{ point: id, keep, reason },
    createdAt: new Date(createdAt).toISOString(),
  }))
}

async function decisionsOf(
  q: Queryable,
  dataSource: string,
  rules: RetentionSettings,
  now: number,
): Promise<RetentionDecision__Output[]> {
  const { name } = await getSource(q, dataSource)
  const points = await retainedPoints(q, dataSource)
  const at = new Map(points.map((point) => [point.id, point.createdAt]))
  return decideRetention(points, rules, await badTimes(q, dataSource), now).map((decision) => ({
    ...{ source: name, point: decision.id, keep: decision.keep, reason: decision.reason },
    createdAt: new Date(at.get(decision.id) ?? 0).toISOString(),
  }))
}
