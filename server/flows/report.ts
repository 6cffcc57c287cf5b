import { periodStart, type ReportPeriod } from '../../core/model/report-period.ts'
import type { Database, Queryable } from '../catalog/database.ts'
import {
  reportedFailures,
  reportedJobs,
  reportedRecoveries,
  type ReportedFailure,
  type ReportedJobs,
  type ReportedRecovery,
} from '../catalog/report-jobs.ts'
import {
  reportedGroups,
  reportedSources,
  type ReportedGroup,
  type ReportedSource,
  type Span,
} from '../catalog/report-sources.ts'
import { reportedVerification, type ReportedVerification } from '../catalog/report-verification.ts'

/** What was protected, what failed and what was recovered in a day, a week or a month. */
export interface Report extends Span {
  readonly period: ReportPeriod
  readonly sources: readonly ReportedSource[]
  readonly groups: readonly ReportedGroup[]
  readonly jobs: readonly ReportedJobs[]
  readonly failures: readonly ReportedFailure[]
  readonly recoveries: readonly ReportedRecovery[]
  readonly verification: ReportedVerification
}

/** All of it as of one moment of the catalog. */
export function makeReport(database: Database, period: ReportPeriod, until: Date): Promise<Report> {
  return database.tx((q) => readReport(q, period, until), { snapshot: true })
}

export async function readReport(q: Queryable, period: ReportPeriod, until: Date): Promise<Report> {
  const span = { since: periodStart(period, until), until }
  return {
    ...{ period, ...span },
    sources: await reportedSources(q, span),
    groups: await reportedGroups(q, span),
    jobs: await reportedJobs(q, span),
    failures: await reportedFailures(q, span),
    recoveries: await reportedRecoveries(q, span),
    verification: await reportedVerification(q, until),
  }
}
