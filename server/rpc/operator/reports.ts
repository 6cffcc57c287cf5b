import { usedUpAt } from '../../../core/model/forecast.ts'
import { REPORT_PERIODS } from '../../../core/model/report-period.ts'
import { readStorageDays, storedSamples } from '../../catalog/storage-days.ts'
import { isoTime } from '../../catalog/time.ts'
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

function shown({ period, since, until, ...report }: Report) {
  const { oldestAt, ...verification } = report.verification
  return {
    ...{ period, since: since.toISOString(), until: until.toISOString() },
    sources: report.sources.map(({ protectedSince, lastPointAt, ...source }) =>
      withoutAbsent({
        ...source,
        ...{ protectedSince: isoTime(protectedSince), lastPointAt: isoTime(lastPointAt) },
      }),
    ),
    groups: report.groups.map((group) => withoutAbsent(group)),
    jobs: [...report.jobs],
    failures: report.failures.map(({ at, ...failure }) =>
      withoutAbsent({ ...failure, at: isoTime(at) }),
    ),
    recoveries: report.recoveries.map(({ at, ...recovery }) =>
      withoutAbsent({ ...recovery, at: isoTime(at) }),
    ),
    verification: withoutAbsent({ ...verification, oldestAt: isoTime(oldestAt) }),
  }
}
