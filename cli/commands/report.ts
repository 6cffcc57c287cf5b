import { REPORT_PERIODS } from '../../core/model/report-period.ts'
import { reportCsv } from '../../core/model/report-csv.ts'
import { group, remote, type Register } from '../command.ts'
import { pastOption } from '../input/operand.ts'
import { reportText } from '../output/report-text.ts'

interface ReportOptions {
  readonly csv?: boolean
  readonly until?: string
}

export const registerReport: Register = (program, context) => {
  const report = group(program, 'report', 'What was protected, what failed, what was recovered')
  for (const period of REPORT_PERIODS)
    remote<ReportOptions>(report, period, `Of the last ${period}`, context, async (input) => {
      const { client, options } = input
      const document = await client.getReport({ period, until: options.until })
      return { document, text: options.csv ? reportCsv(document) : reportText(document) }
    })
      .option('--csv', 'tables for a spreadsheet; the first column says which table')
      .option(
        '--until <time>',
        'up to this time, or this long ago (7d), instead of now',
        pastOption(context.clock.now()),
      )
}
