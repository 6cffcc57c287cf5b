import { HoldfastError } from '../../../core/model/error.ts'
import { matches, parseMatchRule } from '../../../core/model/group/match-rule.ts'
import { listFreeSources } from '../../catalog/group-members.ts'
import { listGroups } from '../../catalog/groups.ts'
import { joinGroup } from '../../flows/groups/members.ts'
import { BY, type ScheduleDeps } from './schedule-deps.ts'

/** New data sources join the first group, by name, whose rules they match. */
export async function applyRules({ database, clock }: ScheduleDeps): Promise<void> {
  const groups = (await listGroups(database)).filter(({ settings }) => settings.match.length > 0)
  if (groups.length === 0) return
  for (const source of await listFreeSources(database)) {
    const group = groups.find(({ settings }) =>
      settings.match.map(parseMatchRule).some((rule) => matches(rule, source)),
    )
    if (!group) continue
    const { settings } = group
    const joining = { dataSource: source.id, group, settings, byRule: true, by: BY }
    try {
      await database.tx((q) => joinGroup(q, { ...joining, now: new Date(clock.now()) }))
    } catch (error) {
      // Somebody else brought it in meanwhile.
      if (!(error instanceof HoldfastError && error.code === 'already-exists')) throw error
    }
  }
}
