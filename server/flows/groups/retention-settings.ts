import type { GroupSettings } from '../../../core/model/group/settings.ts'
import type { RetentionSettings } from '../../../core/model/retention/policy.ts'
import type { Queryable } from '../../catalog/database.ts'
import { settingsOfMembers } from '../../catalog/groups.ts'
import { settingsOfStopped } from '../../catalog/stopped-protection.ts'

export function retentionOf(settings: GroupSettings): RetentionSettings {
  const { retainDays, keep, timeZone } = settings
  return { rules: { retainDays, keep }, timeZone }
}

const KEEP_ALL: RetentionSettings = { rules: null, timeZone: 'UTC' }

/**
 * How the points of each of these age: as its group says, or the one that it was in when its protection
 * was stopped; what never was in any keeps all.
 */
export async function retentionOfSources(
  q: Queryable,
  dataSources: readonly string[],
): Promise<Map<string, RetentionSettings>> {
  const [members, stopped] = [
    await settingsOfMembers(q, dataSources),
    await settingsOfStopped(q, dataSources),
  ]
  return new Map(
    dataSources.map((id) => {
      const settings = members.get(id) ?? stopped.get(id)
      return [id, settings ? retentionOf(settings) : KEEP_ALL]
    }),
  )
}

export async function retentionOfSource(
  q: Queryable,
  dataSource: string,
): Promise<RetentionSettings> {
  return (await retentionOfSources(q, [dataSource])).get(dataSource) ?? KEEP_ALL
}
