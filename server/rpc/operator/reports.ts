import { usedUpAt } from '../../../core/model/forecast.ts'
import { REPORT_PERIODS } from '../../../core/model/report-period.ts'
import { readStorageDays, storedSamples } from '../../catalog/storage-days.ts'
import { reportDocument } from '../../flows/report-document.ts'
import { makeReport, type Report } from '../../flows/report.ts'
import type { OperatorHandlers } from '../operator-handlers.ts'
import { withoutAbsent } from './absent.ts'
import { requireOneOf, requireTime } from './arguments.ts'
import type { OperatorDeps } from './deps.ts'

type ReportHandlers = Pick<OperatorHandlers, 'getReport' | 'getStorageHistory'>

const YEAR_DAYS = 365
/** That a forecast looks back on. */
const LOOK_BACK_DAYS = 30

/** What was, over time. */
export function reportHandlers({ database, clock }: OperatorDeps): ReportHandlers {
  return {
    getReport: async ({ period, until }) => {
      const wanted = requireOneOf('a period', period, REPORT_PERIODS)
      const end = requireTime('until', until)
      const now = new Date(clock.now())
      return shown(await makeReport(database, wanted, end === undefined ? now : new Date(end)))
    },
    getStorageHistory: async ({ days }) => {
      const now = new Date(clock.now())
      const all = await readStorageDays(database, Math.min(days || YEAR_DAYS, MOST_DAYS), now)
      const free = all.at(-1)?.freeBytes ?? 0
      const fullAt = usedUpAt(storedSamples(all.slice(-LOOK_BACK_DAYS)), free, now.getTime())
      return {
        days: all.map((day) => withoutAbsent(day)),
        ...(fullAt === undefined ? {} : { fullAt: new Date(fullAt).toISOString() }),
      }
    },
  }
}

const MOST_DAYS = 3_660

function shown(report: Report) {
  const { sources, groups, failures, recoveries, verification, ...rest } = reportDocument(report)
  return {
    ...rest,
    sources: sources.map((source) => withoutAbsent(source)),
    groups: groups.map((group) => withoutAbsent(group)),
    failures: failures.map((failure) => withoutAbsent(failure)),
    recoveries: recoveries.map((recovery) => withoutAbsent(recovery)),
    verification: withoutAbsent(verification),
  }
}
