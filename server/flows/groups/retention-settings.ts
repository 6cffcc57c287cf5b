import type { GroupSettings } from '../../../core/model/group/settings.ts'
import type { RetentionSettings } from '../../../core/model/retention/policy.ts'
import type { Queryable } from '../../catalog/database.ts'
import { findMember, findStopped } from '../../catalog/group-members.ts'
import { getGroup } from '../../catalog/groups.ts'

export function retentionOf(settings: GroupSettings): RetentionSettings {
  const { retainDays, keep, timeZone } = settings
  return { rules: { retainDays, keep }, timeZone }
}

/** Those of its group, or of the one that it was in when its protection was stopped. */
export async function retentionOfSource(
  q: Queryable,
  dataSource: string,
): Promise<RetentionSettings> {
  const member = await findMember(q, dataSource)
  if (member) return retentionOf((await getGroup(q, member.group)).settings)
  const stopped = await findStopped(q, dataSource)
  if (stopped) return retentionOf(stopped.settings)
  return { rules: null, timeZone: 'UTC' }
}
