import { HoldfastError, toHoldfastError } from '../../core/model/error.ts'
import { matches, parseMatchRule } from '../../core/model/group/match-rule.ts'
import type { OperatorClient } from '../../core/wire/operator-client.ts'
import { sentSettings } from '../input/group-options.ts'
import { planLines } from '../output/group-text.ts'
import type { Group, GroupPlan, Source } from '../reply.ts'
import type { Configuration } from './configuration.ts'
import type { GroupEntry } from './group-entry.ts'
import type { Step } from './step.ts'

/** What it takes to make the groups those of the file; groups that it does not name stay. */
export async function groupSteps(client: OperatorClient, wanted: Configuration): Promise<Step[]> {
  if (wanted.groups.length === 0) return []
  const { groups } = await client.listGroups({})
  const { sources } = await client.listSources({ unprotected: false })
  const named = new Set(wanted.groups.flatMap(({ members }) => members))
  const steps: Step[] = []
  for (const [index, entry] of wanted.groups.entries()) {
    const before = groups.find(({ name }) => name === entry.name)
    const wish = wishOf(entry, before, named, sources)
    const plan = await planned(client, wish, wanted.at('groups', index))
    if (before === undefined || isChange(plan)) steps.push(stepOf(client, wish, plan))
  }
  return steps
}

type Wish = Parameters<OperatorClient['saveGroup']>[0]

function wishOf(
  { name, members, settings }: GroupEntry,
  before: Group | undefined,
  named: ReadonlySet<string>,
  sources: readonly Source[],
): Wish {
  const timeZone = settings.timeZone || (before?.settings?.timeZone ?? '')
  const leaving = (before?.members ?? [])
    .filter(({ source, byRule }) => !byRule && !named.has(source))
    .filter(({ source }) => !isMatched(settings.match, sources, source))
  return {
    ...{ name, create: before === undefined, settings: sentSettings({ ...settings, timeZone }) },
    ...{ add: [...members], move: true, removedPoints: 'keep' },
    remove: leaving.map(({ source }) => source),
  }
}

/** A member that is not named any more stays where the group's rules would bring it. */
function isMatched(rules: readonly string[], sources: readonly Source[], name: string): boolean {
  const source = sources.find((one) => one.name === name)
  return source !== undefined && rules.some((rule) => matches(parseMatchRule(rule), source))
}

async function planned(client: OperatorClient, wish: Wish, at: string): Promise<GroupPlan> {
  try {
    return await client.planGroup(wish)
  } catch (error) {
    const { code, message, hint } = toHoldfastError(error)
    if (code === 'server-unreachable' || code === 'permission-denied') throw error
    const where = `${at}: group ${wish.name ?? ''}: ${message}`
    throw new HoldfastError(code, where, { hint, cause: error })
  }
}

function isChange({ changes, added, removed }: GroupPlan): boolean {
  return changes.length + added.length + removed.length > 0
}

function stepOf(client: OperatorClient, wish: Wish, plan: GroupPlan): Step {
  return {
    ...{ kind: 'group', name: plan.name, action: plan.exists ? 'change' : 'create' },
    ...{ changes: planLines(plan), warnings: plan.warnings },
    carryOut: async () => (await client.saveGroup(wish)).warnings,
  }
}

/** Groups that the file does not name end; their points are kept. */
export async function pruneSteps(client: OperatorClient, wanted: Configuration): Promise<Step[]> {
  const { groups } = await client.listGroups({})
  const stay = new Set(wanted.groups.map(({ name }) => name))
  const moved = new Set(wanted.groups.flatMap(({ members }) => members))
  return groups
    .filter(({ name }) => !stay.has(name))
    .map(({ id, name, members }) => ({
      ...{ kind: 'group', name, action: 'end', warnings: [] },
      changes: members
        .filter(({ source }) => !moved.has(source))
        .map(({ source, points }) => `${source} leaves: its ${points} points are kept`),
      carryOut: async () =>
        (await client.deleteGroup({ group: id, points: 'keep', preview: false })).warnings,
    }))
}
