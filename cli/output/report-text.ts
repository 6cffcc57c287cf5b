import type { Report } from '../reply.ts'
import { formatBytes, formatTime, orDash } from './format.ts'
import { renderTable, type Column } from './table.ts'

type Source = Report['sources'][number]
type Group = Report['groups'][number]
type Failure = Report['failures'][number]
type Recovery = Report['recoveries'][number]

/** A report for people: what there is first, then what went wrong. */
export function reportText(report: Report): string {
  const { since, until, sources, groups, failures, recoveries, verification } = report
  return [
    `${formatTime(since)} to ${formatTime(until)}\n`,
    renderTable(sources, SOURCES, 'no data source'),
    renderTable(groups, GROUPS, 'no group'),
    renderTable(failures, FAILURES, 'nothing failed'),
    renderTable(recoveries, RECOVERIES, 'nothing was recovered'),
    verificationText(verification),
  ].join('\n')
}

const SOURCES: readonly Column<Source>[] = [
  { title: 'SOURCE', value: ({ source }) => source },
  { title: 'GROUP', value: ({ group }) => orDash(group) },
  { title: 'REPLICA', value: ({ replicaState }) => replicaState },
  { title: 'PROTECTED SINCE', value: ({ protectedSince }) => formatTime(protectedSince) },
  { title: 'LAST GOOD POINT', value: ({ lastPointAt }) => formatTime(lastPointAt) },
  { title: 'POINTS', value: ({ points }) => String(points), align: 'right' },
  { title: 'NEW', value: ({ pointsMade }) => String(pointsMade), align: 'right' },
  { title: 'FAILED', value: ({ failures }) => String(failures), align: 'right' },
]

const GROUPS: readonly Column<Group>[] = [
  { title: 'GROUP', value: ({ group }) => orDash(group) },
  { title: 'SOURCES', value: ({ sources }) => String(sources), align: 'right' },
  { title: 'POINTS', value: ({ points }) => String(points), align: 'right' },
  { title: 'AS COPIES', value: ({ logicalBytes }) => formatBytes(logicalBytes), align: 'right' },
  { title: 'STORED', value: ({ storedBytes }) => formatBytes(storedBytes), align: 'right' },
  { title: 'ADDED', value: ({ addedBytes }) => formatBytes(addedBytes), align: 'right' },
]

const FAILURES: readonly Column<Failure>[] = [
  { title: 'FAILED', value: ({ at }) => formatTime(at) },
  { title: 'JOB', value: ({ job }) => job },
  { title: 'KIND', value: ({ kind }) => kind },
  { title: 'SOURCE', value: ({ source }) => orDash(source) },
  { title: 'WHY', value: ({ code, message }) => `${code}: ${message}` },
]

const RECOVERIES: readonly Column<Recovery>[] = [
  { title: 'RECOVERED', value: ({ at }) => formatTime(at) },
  { title: 'JOB', value: ({ job }) => job },
  { title: 'KIND', value: ({ kind }) => kind },
  { title: 'SOURCE', value: ({ source }) => orDash(source) },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'BY', value: ({ by }) => orDash(by) },
  { title: 'BYTES', value: ({ bytes }) => formatBytes(bytes), align: 'right' },
]

function verificationText(verification: Report['verification']): string {
  if (!verification) return ''
  const { storedBytes, verifiedBytes, damagedChunks, points } = verification
  const { pointsVerified, pointsProven } = verification
  const damage = damagedChunks > 0 ? `; ${damagedChunks} chunks are damaged` : ''
  return `verified within 30 days: ${formatBytes(verifiedBytes)} of ${formatBytes(storedBytes)}${damage}
points: ${points}, ${pointsVerified} verified, ${pointsProven} proven by a restore
`
}
