import { raiseAlert, resolveAlert } from '../../catalog/alerts.ts'
import type { Queryable } from '../../catalog/database.ts'
import { listGroups } from '../../catalog/groups.ts'
import { listFreeSources } from '../../catalog/group-members.ts'
import { recordEvent } from '../../catalog/events.ts'
import type { ScheduleDeps } from './schedule-deps.ts'

const NAMED = 20

/** The daily list of what no group protects; people who took something out of one know of that. */
export async function tellUnprotected(q: Queryable, { random }: ScheduleDeps): Promise<void> {
  if ((await listGroups(q)).length === 0) return
  const free = await listFreeSources(q)
  if (free.length === 0) return resolveAlert(q, 'unprotected', 'server')
  const names = free.slice(0, NAMED).map(({ name }) => name)
  const more = free.length > NAMED ? ` and ${free.length - NAMED} more` : ''
  const cause = `${free.length} data sources are in no protection group: ${names.join(', ')}${more}`
  await raiseAlert(q, random, {
    ...{ type: 'unprotected', severity: 'warning', object: 'server', cause },
    action: '`holdfast group add` protects them, or a rule of a group: `--match`.',
    command: 'holdfast source list --unprotected',
  })
  await recordEvent(q, { kind: 'unprotected-listed', about: 'server', message: cause })
}
