import type { Group, GroupPlan } from '../reply.ts'
import { formatBytes, formatTime, orDash } from './format.ts'
import { renderFields, renderTable, type Column } from './table.ts'

export function groupTable(groups: readonly Group[]): string {
  return renderTable(groups, GROUPS, 'no protection group')
}

const GROUPS: readonly Column<Group>[] = [
  { title: 'GROUP', value: (group) => group.name },
  { title: 'MEMBERS', value: (group) => String(group.members.length), align: 'right' },
  { title: 'POINTS', value: (group) => group.settings?.points ?? '' },
  { title: 'TIME ZONE', value: (group) => group.settings?.timeZone ?? '' },
  { title: 'SYNC', value: (group) => syncText(group) },
  { title: 'KEEPS', value: (group) => keepText(group) },
  { title: 'NEXT POINT', value: (group) => formatTime(group.nextPointAt) },
]

function syncText({ settings }: Group): string {
  const minutes = settings?.syncMinutes ?? null
  return minutes === null ? 'before point' : `${minutes}m`
}

function keepText({ settings }: Group): string {
  const keep = settings?.keep ? ` ${settings.keep}` : ''
  return `${settings?.retainDays ?? 0}d${keep}`
}

export function groupText(group: Group): string {
  const { settings } = group
  const list = (items: readonly string[] | undefined) => items?.join('; ') || '-'
  const rate = settings?.bytesPerSecond ?? 0
  const fields = renderFields([
    ['group', group.name],
    ['points', `${settings?.points ?? ''} (${settings?.timeZone ?? ''})`],
    ['synchronized', syncText(group)],
    ['keeps', keepText(group)],
    ['next point', formatTime(group.nextPointAt)],
    ['rules', list(settings?.match)],
    ['consistency', `${settings?.consistency ?? ''}, else ${settings?.fallback ?? ''}`],
    ['checks', settings?.check ?? ''],
    ['excluded disks', list(settings?.excludeDisks)],
    ['limit', rate === 0 ? 'none' : `${formatBytes(rate)}/s`],
    ['other limits', list(settings?.rateHours)],
    ['scripts', [settings?.preScript, settings?.postScript].map(orDash).join(', ')],
  ])
  return `${fields}\n${renderTable(group.members, MEMBERS, 'no members')}`
}

const MEMBERS: readonly Column<Group['members'][number]>[] = [
  { title: 'MEMBER', value: (member) => member.source },
  { title: 'REPLICA', value: (member) => member.replicaState },
  { title: 'POINTS', value: (member) => String(member.points), align: 'right' },
  { title: 'LAST POINT', value: (member) => formatTime(member.lastPointAt) },
  {
    title: 'LAST DUE',
    value: (member) => [member.lastState, member.lastReason].filter(Boolean).join(': ') || '-',
  },
  { title: 'NOTE', value: (member) => member.replicaReason ?? (member.byRule ? 'by rule' : '') },
]

/** One line for each thing that would happen. */
export function planLines(plan: GroupPlan): string[] {
  const lines = [...plan.changes]
  for (const { source, action, bytes } of plan.added)
    lines.push(
      `${source} joins: ${ADDED[action] ?? action}${bytes > 0 ? `, ${formatBytes(bytes)}` : ''}`,
    )
  for (const { source, action } of plan.removed)
    lines.push(
      `${source} leaves: its points ${action === 'keep-points' ? 'are kept' : 'ARE DELETED'}`,
    )
  for (const { point, source, reason } of plan.pointsToGo)
    lines.push(`point ${point} of ${source} would go: ${reason}`)
  lines.push(
    `${plan.pointsEach} points a member, about ${formatBytes(plan.estimatedBytes)} in all; ${formatBytes(plan.freeBytes)} are free`,
  )
  return lines
}

const ADDED: Readonly<Record<string, string>> = {
  'initial-replication': 'all of it is read',
  check: 'its history goes on after a check',
  continue: 'its history goes on',
  move: 'it comes from another group, its protection goes on',
}
