import { toCsv, type Cell } from '../model/csv.ts'
import type { Report__Output } from './generated/holdfast/v1/Report.ts'
import type { Filled } from './shape.ts'

/**
 * A report as tables for spreadsheets, one after the other with an empty line between. The first
 * column of each says which table it is, so that a script takes the rows that it wants.
 */
export function reportCsv(report: Filled<Report__Output>): string {
  const { period, since, until, verification } = report
  const tables = [
    table('report', [{ period, since, until }]),
    table('source', report.sources),
    table('group', report.groups),
    table('jobs', report.jobs),
    table('failure', report.failures),
    table('recovery', report.recoveries),
    table('verification', verification ? [verification] : []),
  ]
  return tables
    .filter((rows) => rows.length > 0)
    .map(toCsv)
    .join('\r\n')
}

function table(name: string, rows: readonly object[]): readonly (readonly Cell[])[] {
  const [first] = rows
  if (!first) return []
  const titles = Object.keys(first)
  const cells = (row: object) => titles.map((title) => (row as Record<string, Cell>)[title])
  return [['table', ...titles], ...rows.map((row) => [name, ...cells(row)])]
}
