import { toCsv, type Cell } from './csv.ts'

/** What of a report makes tables: rows are objects of cells, all of a table alike. */
export interface ReportTables {
  readonly period: string
  readonly since: string
  readonly until: string
  readonly sources: readonly object[]
  readonly groups: readonly object[]
  readonly jobs: readonly object[]
  readonly failures: readonly object[]
  readonly recoveries: readonly object[]
  readonly verification: object | null
}

/** Columns of each table, in their order: documents come with their fields in any. */
const COLUMNS = {
  report: ['period', 'since', 'until'],
  source: [
    ...['source', 'group', 'replicaState', 'protectedSince', 'lastPointAt'],
    ...['points', 'pointsMade', 'failures'],
  ],
  group: ['group', 'sources', 'points', 'logicalBytes', 'storedBytes', 'addedBytes'],
  jobs: ['kind', 'completed', 'warned', 'failed', 'cancelled'],
  failure: ['job', 'kind', 'source', 'at', 'code', 'message'],
  recovery: ['job', 'kind', 'source', 'state', 'by', 'at', 'bytes'],
  verification: [
    ...['storedBytes', 'verifiedBytes', 'oldestAt', 'damagedChunks'],
    ...['points', 'pointsVerified', 'pointsProven'],
  ],
} as const

/**
 * A report as tables for spreadsheets, one after the other with an empty line between. The first
 * column of each says which table it is, so that a script takes the rows that it wants.
 */
export function reportCsv(report: ReportTables): string {
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

function table(name: keyof typeof COLUMNS, rows: readonly object[]): readonly (readonly Cell[])[] {
  if (rows.length === 0) return []
  const titles = COLUMNS[name]
  const cells = (row: object) => titles.map((title) => (row as Record<string, Cell>)[title])
  return [['table', ...titles], ...rows.map((row) => [name, ...cells(row)])]
}
