import { matches, parseMatchRule } from '../../../core/model/group/match-rule.ts'
import type { GroupSettings } from '../../../core/model/group/settings.ts'
import { missedPoints } from '../../../core/model/schedule/objective.ts'
import { listFreeSources, listMatchable } from '../../catalog/group-members.ts'
import { listGroups } from '../../catalog/groups.ts'
import { openAlertsOf } from '../../catalog/alerts.ts'
import { pointsLeftBehind, protectedSources } from '../../catalog/source-troubles.ts'
import { lastEndOf } from '../../catalog/job-ends.ts'
import type { AlertRule, Finding, Look } from '../rule.ts'

export const rpoExceeded: AlertRule = {
  type: 'rpo-exceeded',
  async find({ q, now }) {
    const settings = new Map((await listGroups(q)).map((group) => [group.id, group.settings]))
    const sources = await protectedSources(q)
    return sources.flatMap(({ id, name, group, memberSince, lastPointAt }) => {
      const of = settings.get(group)
      const member = { since: memberSince.getTime(), lastPointAt: lastPointAt?.getTime() }
      const missed = of && missedPoints(of, member, now.getTime())
      return missed ? tellMissed(id, name, missed, lastPointAt, of.objectiveMinutes) : []
    })
  },
}

function tellMissed(
  object: string,
  name: string,
  { dueAt, twice }: { dueAt: number; twice: boolean },
  lastPointAt: Date | null,
  objectiveMinutes: number | null,
): Finding {
  const due = new Date(dueAt).toISOString()
  const last =
    lastPointAt === null ? 'there is none' : `the newest is of ${lastPointAt.toISOString()}`
  const wanted =
    objectiveMinutes === null
      ? `${name} should have a recovery point of ${due}`
      : `the newest recovery point of ${name} may be ${inWords(objectiveMinutes)} old at most`
  return {
    object,
    severity: twice ? 'critical' : 'warning',
    cause: `${wanted}; ${last}`,
    action:
      'See `holdfast job list --source SOURCE` for what stopped it, mend that, and make one now.',
    occurrence: due,
    command: 'holdfast point create {object}',
  }
}

function inWords(minutes: number): string {
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`
}

/** What is in no group is told once a day (jobs/schedule/unprotected.ts); that it is over, at once. */
export const unprotected: AlertRule = {
  type: 'unprotected',
  async find({ q }) {
    const open = await openAlertsOf(q, 'unprotected')
    return open.length > 0 && (await listFreeSources(q)).length === 0 ? [] : undefined
  },
}

interface RuleFit {
  readonly group: string
  readonly name: string
  readonly rule: string
  readonly fits: number
  readonly all: number
}

async function ruleFits({ q }: Look): Promise<RuleFit[]> {
  const groups = (await listGroups(q)).filter(({ settings }) => settings.match.length > 0)
  if (groups.length === 0) return []
  const sources = await listMatchable(q)
  return groups.flatMap(({ id, name, settings }) =>
    settings.match.map((rule) => {
      const parsed = parseMatchRule(rule)
      const fits = sources.filter((source) => matches(parsed, source)).length
      return { group: id, name, rule, fits, all: sources.length }
    }),
  )
}

function ofGroups(
  fits: readonly RuleFit[],
  tell: (name: string, rules: string) => Omit<Finding, 'object'>,
): Finding[] {
  return [...Map.groupBy(fits, ({ group }) => group)].map(([object, of]) => ({
    object,
    ...tell(of[0]?.name ?? object, of.map(({ rule }) => rule).join(', ')),
  }))
}

export const ruleMatchesNothing: AlertRule = {
  type: 'rule-matches-nothing',
  find: async (look) =>
    ofGroups(
      (await ruleFits(look)).filter(({ fits }) => fits === 0),
      (name, rules) => ({
        severity: 'warning',
        cause: `of protection group ${name}, ${rules} matches no data source that any host offers`,
        action:
          'Compare it with `holdfast source list`: a rule that was mistyped protects nothing. `holdfast group update` changes it.',
        command: 'holdfast group show {object}',
      }),
    ),
}

/** Of one alone it would be no wonder. */
const MANY = 2

export const ruleMatchesEverything: AlertRule = {
  type: 'rule-matches-everything',
  find: async (look) =>
    ofGroups(
      (await ruleFits(look)).filter(({ fits, all }) => all >= MANY && fits === all),
      (name, rules) => ({
        severity: 'informational',
        cause: `of protection group ${name}, ${rules} matches every data source there is`,
        action:
          'Where that is meant, acknowledge this. New data sources of any host join the group by themselves.',
        command: 'holdfast group show {object}',
      }),
    ),
}

/** Settings that cannot be followed as things are. */
export const configureProtectionFailed: AlertRule = {
  type: 'configure-protection-failed',
  async find({ q, volumes }) {
    const writable = new Set(volumes.filter((v) => v.state === 'writable').map(({ path }) => path))
    const groups = await listGroups(q)
    return groups.flatMap(({ id, name, settings }) => {
      const wrong = unfollowed(settings, writable)
      if (wrong === undefined) return []
      return {
        object: id,
        severity: 'warning' as const,
        cause: `protection group ${name}: ${wrong}`,
        action: 'Its points are made all the same, elsewhere. `holdfast group update` changes it.',
        command: 'holdfast group show {object}',
      }
    })
  },
}

function unfollowed({ volume }: GroupSettings, writable: ReadonlySet<string>): string | undefined {
  return volume === null || writable.has(volume)
    ? undefined
    : `the volume that it prefers, ${volume}, takes nothing`
}

export const stopProtectionFailed: AlertRule = {
  type: 'stop-protection-failed',
  async find({ q }) {
    const sources = await pointsLeftBehind(q)
    return sources.map(({ id, name, stoppedBy, left }) => ({
      object: id,
      severity: 'warning' as const,
      cause: `${stoppedBy} stopped the protection of ${name} and wanted its points deleted; ${left} are there still`,
      action:
        'They were protected, locked or being read. Let them go with `holdfast point unprotect` and `holdfast point delete`, or keep them.',
      command: 'holdfast point list --source {object}',
    }))
  },
}

/** Points that should be gone: expiry does not come to its end. */
export const retentionNotMet: AlertRule = {
  type: 'retention-not-met',
  async find({ q }) {
    const last = await lastEndOf(q, 'expiry')
    if (last?.state !== 'failed') return []
    return [
      {
        object: 'server',
        severity: 'warning',
        cause: `points that are over could not be let go (${last.id}): ${last.error ?? ''}`,
        action: 'Nothing is lost; the store fills. It is tried again each night.',
        occurrence: last.id,
        command: `holdfast job show ${last.id}`,
      },
    ]
  },
}
