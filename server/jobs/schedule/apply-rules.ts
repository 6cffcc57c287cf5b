import { HoldfastError } from '../../../core/model/error.ts'
import { matches, parseMatchRule } from '../../../core/model/group/match-rule.ts'
import { listFreeSources, type FreeSource } from '../../catalog/group-members.ts'
import { listGroups, type GroupRow } from '../../catalog/groups.ts'
import { joinGroup } from '../../flows/groups/members.ts'
import { BY, type ScheduleDeps } from './schedule-deps.ts'

/** New data sources join the first group, by name, whose rules they match. */
export async function applyRules(deps: ScheduleDeps): Promise<void> {
  const { database } = deps
  const groups = (await listGroups(database)).filter(({ settings }) => settings.match.length > 0)
  if (groups.length === 0) return
  let free = await listFreeSources(database)
  for (const group of groups) {
    const rules = group.settings.match.map(parseMatchRule)
    const fits = (source: FreeSource) => rules.some((rule) => matches(rule, source))
    await bringIn(deps, group, free.filter(fits))
    free = free.filter((source) => !fits(source))
  }
}

async function bringIn(
  { database, clock }: ScheduleDeps,
  group: GroupRow,
  fitting: readonly FreeSource[],
): Promise<void> {
  const sources = fitting.map(({ id }) => ({ id, byRule: true }))
  const joining = { sources, group, settings: group.settings, by: BY }
  try {
    await database.tx((q) => joinGroup(q, { ...joining, now: new Date(clock.now()) }))
  } catch (error) {
    // Somebody else brought one of them in meanwhile: the others come with the next look.
    if (!(error instanceof HoldfastError && error.code === 'already-exists')) throw error
  }
}
