import type { Letter } from './alert-mail.ts'
import type { DigestReport } from './digest-report.ts'

/** The daily report as people read it: the first line says whether anything needs them. */
export function writeDigestMail(report: DigestReport, footer: string): Letter {
  const verdict = report.ok ? 'all is well' : needsOf(report)
  const sections = [
    verdictOf(report),
    list(
      'Alerts',
      report.alerts.map((a) => `${a.severity}  ${a.type}  ${a.objectName}: ${a.cause}`),
    ),
    list('In no protection group', report.unprotected),
    list(
      'Jobs of the last day',
      report.jobs.map(
        ({ kind, state, count, bytes }) => `${count} ${kind} ${state}, ${inGib(bytes)}`,
      ),
    ),
    list('Store', [
      ...report.volumes.map(volumeOf),
      `${inGib(report.storedBytes)} stored; every byte was read since ${report.oldestUnverifiedAt ?? 'it was written'}`,
    ]),
    footer,
  ]
  return {
    subject: `Holdfast daily report: ${verdict}`,
    text: `${sections.filter((section) => section !== '').join('\n\n')}\n`,
  }
}

function needsOf({ alerts, problems, sources }: DigestReport): string {
  const needs = [
    [alerts.length, 'alert', 'alerts'],
    [problems.length, 'problem', 'problems'],
    [sources.late, 'late data source', 'late data sources'],
  ] as const
  return needs
    .filter(([count]) => count > 0)
    .map(([count, one, many]) => `${count} ${count === 1 ? one : many}`)
    .join(', ')
}

function verdictOf({ ok, problems, sources, hosts }: DigestReport): string {
  const { protected: good, unprotected, late } = sources
  return [
    ok ? 'All is well.' : 'Something needs you.',
    `${good} data sources are protected, ${unprotected} are not, ${late} are late.`,
    `${hosts.online} of ${hosts.total} hosts are online.`,
    ...problems.map((problem) => `! ${problem}`),
  ].join('\n')
}

function volumeOf({ path, state, totalBytes, freeBytes }: DigestReport['volumes'][number]): string {
  return `${path}: ${state}, ${inGib(freeBytes)} of ${inGib(totalBytes)} free`
}

function list(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [`${title}:`, ...lines.map((line) => `  ${line}`)].join('\n')
}

function inGib(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GiB`
}
