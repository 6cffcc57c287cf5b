import { lastPointDue, parsePointTimes } from '../../../core/model/schedule/point-times.ts'
import type { ReportPeriod } from '../../../core/model/report-period.ts'
import type { Queryable } from '../../catalog/database.ts'
import { forgetDues } from '../../catalog/dues.ts'
import { forgetNotices, queueDigest, queueReport } from '../../catalog/notices.ts'
import { forgetJobs } from '../../catalog/job-history.ts'
import type { NewJob } from '../../catalog/job-requests.ts'
import { forgetOwnDues, lastOwnDue, takeOwnDue } from '../../catalog/schedule-clock.ts'
import { readStoredBytes } from '../../catalog/storage.ts'
import { reportDocument } from '../../flows/report-document.ts'
import { readReport } from '../../flows/report.ts'
import { readDigest } from '../../notify/digest-report.ts'
import { recordQueued } from '../queue.ts'
import { BY, type ScheduleDeps } from './schedule-deps.ts'
import { tellUnprotected } from './unprotected.ts'

/** In the server's own time zone. */
export const COLLECTION_AT = '30 0 * * *'
const EXPIRY_AT = '30 0 * * *'
const COMPACTION_AT = '0 1 * * *'
const VERIFICATION_AT = '0 2 * * *'
const HISTORY_AT = '0 3 * * *'
const UNPROTECTED_AT = '0 6 * * *'
const DIGEST_AT = '0 7 * * *'
const DAY_REPORT_AT = '5 7 * * *'
const WEEK_REPORT_AT = '5 7 * * 1'
const MONTH_REPORT_AT = '5 7 1 * *'

const DAY_MS = 24 * 3_600_000
/** Stored bytes that a nightly slice reads at least. */
const VERIFIED_A_NIGHT = 256 * 1024 ** 3
/** In fewer nights than 30, so that some may fail. */
const NIGHTS = 25
/** A month of history may go in one night. */
const TIMEOUT_MS = 120_000

interface OwnWork {
  readonly kind: string
  readonly at: string
  /** A catalog older than its store decides nothing about what may go. */
  readonly whileReadOnly?: boolean
  readonly run: (q: Queryable, deps: ScheduleDeps) => Promise<void>
}

const WORK: readonly OwnWork[] = [
  { kind: 'expiry', at: EXPIRY_AT, run: (q, deps) => enqueue(q, deps, 'expiry') },
  { kind: 'collection', at: COLLECTION_AT, run: (q, deps) => enqueue(q, deps, 'collection') },
  { kind: 'compaction', at: COMPACTION_AT, run: (q, deps) => enqueue(q, deps, 'compaction') },
  { kind: 'verification', at: VERIFICATION_AT, whileReadOnly: true, run: verifySlice },
  { kind: 'history', at: HISTORY_AT, run: forget },
  { kind: 'unprotected', at: UNPROTECTED_AT, run: tellUnprotected },
  { kind: 'digest', at: DIGEST_AT, whileReadOnly: true, run: tellTheDay },
  { kind: 'report-day', at: DAY_REPORT_AT, whileReadOnly: true, run: report('day') },
  { kind: 'report-week', at: WEEK_REPORT_AT, whileReadOnly: true, run: report('week') },
  { kind: 'report-month', at: MONTH_REPORT_AT, whileReadOnly: true, run: report('month') },
]

/** Each once a night, by whichever server looks first; one that was missed is made up for once. */
export async function doOwnWork(deps: ScheduleDeps): Promise<void> {
  const now = deps.clock.now()
  await forgetOwnDues(deps.database, new Date(now + DAY_MS)) // the clock went back
  for (const { kind, at, run, whileReadOnly } of WORK) {
    if (deps.mode.name !== 'normal' && whileReadOnly !== true) continue
    await deps.database.tx(
      async (q) => {
        if (await takeTurn(q, kind, at, deps.timeZone, now)) await run(q, deps)
      },
      { timeoutMs: TIMEOUT_MS },
    )
  }
}

async function takeTurn(
  q: Queryable,
  kind: string,
  at: string,
  zone: string,
  now: number,
): Promise<boolean> {
  const last = await lastOwnDue(q, kind)
  // A new server has missed nothing.
  if (!last) {
    await takeOwnDue(q, kind, new Date(now))
    return false
  }
  const due = lastPointDue(parsePointTimes(at), zone, last.getTime(), now)
  return due !== undefined && takeOwnDue(q, kind, new Date(due))
}

async function enqueue(
  q: Queryable,
  deps: ScheduleDeps,
  kind: 'expiry' | 'collection' | 'compaction',
): Promise<void> {
  await queue(q, deps, { kind, request: {}, requestedBy: BY })
}

/** So much a night that all of it is read within 30 days. */
async function verifySlice(q: Queryable, deps: ScheduleDeps): Promise<void> {
  const stored = await readStoredBytes(q)
  const limitBytes = Math.max(VERIFIED_A_NIGHT, Math.ceil(stored / NIGHTS))
  const request = { points: [], all: true, limitBytes }
  await queue(q, deps, { kind: 'verification', request, requestedBy: BY })
}

async function queue(q: Queryable, deps: ScheduleDeps, job: NewJob): Promise<void> {
  await recordQueued(q, deps.random, job)
  deps.wake()
}

async function forget(q: Queryable, { clock, historyMs }: ScheduleDeps): Promise<void> {
  const before = new Date(clock.now() - historyMs)
  await forgetDues(q, before)
  await forgetNotices(q, before)
  await forgetJobs(q, before)
}

async function tellTheDay(q: Queryable, { store, clock }: ScheduleDeps): Promise<void> {
  const now = new Date(clock.now())
  await queueDigest(
    q,
    now.toISOString().slice(0, 10),
    await readDigest(q, await store.volumes(), now),
  )
}

function report(period: ReportPeriod): OwnWork['run'] {
  return async (q, { clock }) => {
    const now = new Date(clock.now())
    const document = reportDocument(await readReport(q, period, now))
    await queueReport(q, period, document.until.slice(0, 10), document)
  }
}
