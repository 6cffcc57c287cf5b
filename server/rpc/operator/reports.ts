import { HoldfastError } from '../../../core/model/error.ts'
import { usedUpAt } from '../../../core/model/forecast.ts'
import { REPORT_PERIODS } from '../../../core/model/report-period.ts'
import { readPastStorageDays, readStorageNow, storedSamples } from '../../catalog/storage-days.ts'
import { reportDocument } from '../../flows/report-document.ts'
import { makeReport, type Report } from '../../flows/report.ts'
import { writableSpace } from '../../flows/writable-space.ts'
import { mailReport } from '../../notify/mail-report.ts'
import type { OperatorHandlers } from '../operator-handlers.ts'
import { without, withoutAbsent } from './absent.ts'
import { requireOneOf, requireTime } from './arguments.ts'
import type { OperatorDeps } from './deps.ts'
import { requireReachable } from './reachable.ts'

type ReportHandlers = Pick<OperatorHandlers, 'getReport' | 'sendReport' | 'getStorageHistory'>

const YEAR_DAYS = 365
/** That a forecast looks back on. */
const LOOK_BACK_DAYS = 30

/** What was, over time. */
export function reportHandlers({ database, store, clock, sender }: OperatorDeps): ReportHandlers {
  const report = ({ period, until }: { period: string; until?: string }) => {
    const wanted = requireOneOf('a period', period, REPORT_PERIODS)
    const end = requireTime('until', until)
    const now = new Date(clock.now())
    return makeReport(database, wanted, end === undefined ? now : new Date(end))
  }
  return {
    getReport: async (request) => shown(await report(request)),
    sendReport: async (request) => {
      const to = await requireReachable(sender, request.addresses)
      if (to.length === 0) throw new HoldfastError('invalid-argument', 'no address is named')
      const results = await mailReport(sender, clock, to, reportDocument(await report(request)))
      return { results: results.map((result) => withoutAbsent(without(result, 'kind'))) }
    },
    getStorageHistory: async ({ days }) => {
      const now = new Date(clock.now())
      const past = await readPastStorageDays(database, Math.min(days || YEAR_DAYS, MOST_DAYS), now)
      const today = await readStorageNow(database, await writableSpace(store), now)
      const all = [...past, today]
      const samples = storedSamples(all.slice(-LOOK_BACK_DAYS))
      const fullAt = usedUpAt(samples, today.freeBytes, now.getTime())
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
