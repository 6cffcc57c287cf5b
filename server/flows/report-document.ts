import { isoTime } from '../catalog/time.ts'
import type { Report } from './report.ts'

/** A report with its times as text, as it is kept, mailed and shown; null is what there is not. */
export type ReportDocument = ReturnType<typeof reportDocument>

export function reportDocument({ period, since, until, verification, ...report }: Report) {
  return {
    ...{ period, since: isoTime(since), until: isoTime(until) },
    sources: report.sources.map(({ protectedSince, lastPointAt, ...source }) => ({
      ...source,
      ...{ protectedSince: isoTime(protectedSince), lastPointAt: isoTime(lastPointAt) },
    })),
    groups: [...report.groups],
    jobs: [...report.jobs],
    failures: report.failures.map((failure) => ({ ...failure, at: isoTime(failure.at) })),
    recoveries: report.recoveries.map((recovery) => ({ ...recovery, at: isoTime(recovery.at) })),
    verification: { ...verification, oldestAt: isoTime(verification.oldestAt) },
  }
}
