import { reportCsv } from '../../core/model/report-csv.ts'
import type { ReportDocument } from '../flows/report-document.ts'
import type { Letter } from './alert-mail.ts'

/** Of each list; all of it is in the attached tables. */
const NAMED = 50

/** A report as people read it, with the console's own tables for a spreadsheet attached. */
export function writeReportMail(report: ReportDocument, footer: string): Letter {
  const { period, since, until, failures, recoveries, sources, verification } = report
  const sections = [
    `From ${since} to ${until}.`,
    list(
      'Failed',
      failures.map((f) => `${f.at}  ${f.source ?? f.kind}  ${f.code}: ${f.message} (${f.job})`),
    ),
    list(
      'Recovered',
      recoveries.map((r) => `${r.at}  ${r.source ?? r.kind}  ${r.state}, by ${r.by ?? 'nobody'}`),
    ),
    list('Data sources', sources.map(sourceOf)),
    list('Space by group', report.groups.map(groupOf)),
    verificationOf(verification),
    footer,
  ]
  return {
    subject: `Holdfast ${NAMES[period]} report: ${verdictOf(report)}`,
    text: `${sections.filter((section) => section !== '').join('\n\n')}\n`,
    attachment: {
      name: `holdfast-${period}-${until.slice(0, 10)}.csv`,
      type: 'text/csv; charset=utf-8',
      content: reportCsv(report),
    },
  }
}

const NAMES = { day: 'daily', week: 'weekly', month: 'monthly' } as const

function verdictOf({ failures, recoveries }: ReportDocument): string {
  const failed = failures.length === 0 ? 'nothing failed' : `${failures.length} failed`
  return recoveries.length === 0 ? failed : `${failed}, ${recoveries.length} recovered`
}

function sourceOf({
  source,
  group,
  lastPointAt,
  points,
  pointsMade,
  failures,
}: ReportDocument['sources'][number]): string {
  const where = group === null ? 'in no group' : `in ${group}`
  const last = lastPointAt === null ? 'no good point' : `last good point ${lastPointAt}`
  return `${source}: ${where}, ${last}, ${points} points, ${pointsMade} new, ${failures} failed`
}

function groupOf({
  group,
  points,
  storedBytes,
  addedBytes,
}: ReportDocument['groups'][number]): string {
  return `${group ?? 'in no group'}: ${inGib(storedBytes)} stored in ${points} points, ${inGib(addedBytes)} added`
}

function verificationOf(verification: ReportDocument['verification']): string {
  const { storedBytes, verifiedBytes, damagedChunks, points, pointsProven } = verification
  const damage = damagedChunks > 0 ? ` ${damagedChunks} chunks are damaged.` : ''
  return `Read again within 30 days: ${inGib(verifiedBytes)} of ${inGib(storedBytes)}.${damage}
${pointsProven} of ${points} points are proven by a restore.`
}

function list(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return ''
  const more = lines.length > NAMED ? [`and ${lines.length - NAMED} more`] : []
  return [`${title}:`, ...[...lines.slice(0, NAMED), ...more].map((line) => `  ${line}`)].join('\n')
}

function inGib(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GiB`
}
