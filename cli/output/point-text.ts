import type { Point, PointComparison } from '../reply.ts'
import { count, formatBytes, formatTime, orDash } from './format.ts'
import { renderFields, renderTable, type Column } from './table.ts'

export function pointTable(points: readonly Point[]): string {
  return renderTable(points, COLUMNS, 'no recovery point')
}

const COLUMNS: readonly Column<Point>[] = [
  { title: 'POINT', value: (point) => point.id },
  { title: 'SOURCE', value: (point) => point.source },
  { title: 'CREATED', value: (point) => formatTime(point.createdAt) },
  { title: 'STATE', value: (point) => point.state },
  { title: 'CONSISTENCY', value: consistencyText },
  { title: 'SIZE', value: (point) => formatBytes(point.sizeBytes), align: 'right' },
  { title: 'CHANGED', value: (point) => formatBytes(point.changedBytes), align: 'right' },
  { title: 'STORED', value: (point) => formatBytes(point.storedBytes), align: 'right' },
  { title: 'VERIFIED', value: (point) => formatTime(point.verifiedAt) },
  { title: 'LABEL', value: (point) => [point.label ?? '', mark(point)].filter(Boolean).join(' ') },
]

function mark(point: Point): string {
  return point.protected ? '[protected]' : ''
}

/** The level, and how a running VM's instant was had. */
function consistencyText({ consistency, paused, hasMemory }: Point): string {
  return `${consistency}${paused ? ', paused' : ''}${hasMemory ? ' + memory' : ''}`
}

export function pointText(point: Point): string {
  const fields = renderFields([
    ['point', point.id],
    ['source', point.source],
    ['version', `${point.version} (point ${point.sequence} of this source)`],
    ['state', point.state],
    ['created', formatTime(point.createdAt)],
    ['captured', `${formatTime(point.capturedAt)} (by the agent's clock)`],
    ['consistency', consistencyText(point)],
    ['power state', point.powerState],
    ['size', formatBytes(point.sizeBytes)],
    ['changed', formatBytes(point.changedBytes)],
    ['sent', formatBytes(point.sentBytes)],
    ['stored', formatBytes(point.storedBytes)],
    ['verified', formatTime(point.verifiedAt)],
    ['proven', formatTime(point.provenAt)],
    ['label', orDash(point.label)],
    ['comment', orDash(point.comment)],
    ['protected', point.protected ? 'yes' : 'no'],
    ['expires', formatTime(point.expiresAt)],
    ['restored from', orDash(point.parentPoint ?? point.parentVersion)],
    ...(point.deletedAt === null ? [] : [['deleted', formatTime(point.deletedAt)] as const]),
  ])
  return `${fields}\n${renderTable(point.disks, DISK_COLUMNS, 'no disk')}`
}

const DISK_COLUMNS: readonly Column<Point['disks'][number]>[] = [
  { title: 'DISK', value: (disk) => disk.name },
  { title: 'FORMAT', value: (disk) => orDash(disk.format) },
  { title: 'SIZE', value: (disk) => formatBytes(disk.sizeBytes), align: 'right' },
  { title: 'TRANSFER', value: (disk) => disk.transferMode },
  { title: 'REASON', value: (disk) => disk.transferReason ?? '' },
  { title: 'UNREADABLE', value: (disk) => formatBytes(disk.unreadableBytes ?? 0), align: 'right' },
]

/** Per disk how much differs and where; the JSON document has the same ranges as bytes. */
export function comparisonText(comparison: PointComparison): string {
  const total = `${formatBytes(comparison.differingBytes)} differ between ${comparison.from} and ${comparison.to}\n`
  const disks = comparison.disks.map((disk) => {
    const differing = `${formatBytes(disk.differingBytes)} in ${count(disk.differingChunks, 'chunk')}`
    const note = disk.note === '' ? '' : ` (${disk.note})`
    const ranges = renderTable(disk.ranges, RANGE_COLUMNS, '')
    return `\n${disk.name}: ${differing}${note}\n${disk.ranges.length > 0 ? ranges : ''}`
  })
  return total + disks.join('')
}

const RANGE_COLUMNS: readonly Column<{ readonly offset: number; readonly length: number }>[] = [
  { title: 'OFFSET', value: ({ offset }) => String(offset), align: 'right' },
  { title: 'LENGTH', value: ({ length }) => String(length), align: 'right' },
]
