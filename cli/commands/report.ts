import { REPORT_PERIODS, type ReportPeriod } from '../../core/model/report-period.ts'
import { reportCsv } from '../../core/model/report-csv.ts'
import { type ClientInput, group, type Input, remote, type Register } from '../command.ts'
import { wrongUsage } from '../failure.ts'
import { collect, pastOption } from '../input/operand.ts'
import type { Outcome } from '../outcome.ts'
import { reportText } from '../output/report-text.ts'
import { sentOutcome } from '../output/sent.ts'

interface ReportOptions {
  readonly csv?: boolean
  readonly until?: string
  readonly mail?: readonly string[]
}

export const registerReport: Register = (program, context) => {
  const report = group(program, 'report', 'What was protected, what failed, what was recovered')
  for (const period of REPORT_PERIODS)
    remote<ReportOptions>(
      ...([report, period, `Of the last ${period}`, context] as const),
      (input) => (input.options.mail ? mailed(input, period) : printed(input, period)),
      requireOneWay,
    )
      .option('--csv', 'tables for a spreadsheet; the first column says which table')
      .option(
        '--until <time>',
        'up to this time, or this long ago (7d), instead of now',
        pastOption(context.clock.now()),
      )
      .option('--mail <address>', 'mail it there instead, now; may be given again', collect)
}

type Given = ClientInput<ReportOptions>

async function printed({ client, options }: Given, period: ReportPeriod): Promise<Outcome> {
  const document = await client.getReport({ period, until: options.until })
  return { document, text: options.csv ? reportCsv(document) : reportText(document) }
}

async function mailed({ client, options }: Given, period: ReportPeriod): Promise<Outcome> {
  const { until, mail = [] } = options
  const { results } = await client.sendReport({ period, until, addresses: [...mail] })
  return sentOutcome(results)
}

function requireOneWay({ options: { csv, mail } }: Input<ReportOptions>): void {
  if (csv && mail) throw wrongUsage('a mail has the tables with it: leave --csv out')
}
