import type { AlertSeverity } from '../../core/model/alert-type.ts'
import type { ReportPeriod } from '../../core/model/report-period.ts'
import type { AlertView } from './alerts-view.ts'
import type { Queryable } from './database.ts'
import type { SubscriberKind } from './subscribers.ts'

/** What happened to an alert. Acknowledging is between people. */
export type AlertChange = 'raised' | 'worsened' | 'resolved'

/** What somebody is told, as it was when it happened. */
export type NoticeContent =
  | { readonly kind: 'alert'; readonly change: AlertChange; readonly alert: AlertView }
  | { readonly kind: 'digest'; readonly report: unknown }
  | { readonly kind: 'report'; readonly report: unknown }
  | { readonly kind: 'recovery'; readonly recovery: RecoveryNotice }

export interface RecoveryNotice {
  readonly job: string
  readonly state: string
  /** HOST/NAME of the data source that the point is of. */
  readonly source: string
  readonly point: string
  readonly host: string
  readonly bytesWritten: number
  readonly files: readonly string[]
  readonly warnings: readonly string[]
  readonly error: string | null
  readonly startedAt: string | null
  readonly finishedAt: string | null
}

/** So that what happens at once comes in one mail. */
const MAIL_WAITS = '60 seconds'
const WAIT = `CASE WHEN s.kind = 'mail' THEN interval '${MAIL_WAITS}' ELSE interval '0' END`

/** Tells every subscriber of the severity, once for each change. */
export async function queueAlertNotices(
  q: Queryable,
  alert: AlertView,
  change: AlertChange,
): Promise<void> {
  const content: NoticeContent = { kind: 'alert', change, alert }
  await q.query(
    `INSERT INTO notice (subscriber, kind, address, key, content, not_before)
     SELECT s.id, s.kind, s.address, $1, $2, now() + ${WAIT}
       FROM subscriber s WHERE $3 = ANY (s.severities) ON CONFLICT DO NOTHING`,
    [`${alert.id}:${change}:${alert.severity}`, JSON.stringify(content), alert.severity],
  )
}

export async function hasSubscribers(q: Queryable, severity: AlertSeverity): Promise<boolean> {
  const rows = await q.query(`SELECT 1 FROM subscriber WHERE $1 = ANY (severities) LIMIT 1`, [
    severity,
  ])
  return rows.length > 0
}

/** The daily report, to whoever wants it; once a day. */
export async function queueDigest(q: Queryable, day: string, report: unknown): Promise<void> {
  const content: NoticeContent = { kind: 'digest', report }
  await q.query(
    `INSERT INTO notice (subscriber, kind, address, key, content, not_before)
     SELECT s.id, s.kind, s.address, $1, $2, now() FROM subscriber s WHERE s.digest
     ON CONFLICT DO NOTHING`,
    [`digest:${day}`, JSON.stringify(content)],
  )
}

/** A report to whoever wants those of its period; `day` is the one it ended on. */
export async function queueReport(
  q: Queryable,
  period: ReportPeriod,
  day: string,
  report: unknown,
): Promise<void> {
  const content: NoticeContent = { kind: 'report', report }
  await q.query(
    `INSERT INTO notice (subscriber, kind, address, key, content, not_before)
     SELECT s.id, s.kind, s.address, $1, $2, now() FROM subscriber s WHERE $3 = ANY (s.reports)
     ON CONFLICT DO NOTHING`,
    [`report:${period}:${day}`, JSON.stringify(content), period],
  )
}

/** To addresses that a request named, whoever they are. */
export async function queueRecoveryNotice(
  q: Queryable,
  addresses: readonly string[],
  recovery: RecoveryNotice,
): Promise<void> {
  const content: NoticeContent = { kind: 'recovery', recovery }
  await q.query(
    `INSERT INTO notice (kind, address, key, content, not_before)
     SELECT 'mail', address, $2, $3, now() FROM unnest($1::text[]) AS address
     ON CONFLICT DO NOTHING`,
    [addresses, `recovery:${recovery.job}`, JSON.stringify(content)],
  )
}

export interface Recipient {
  readonly kind: SubscriberKind
  readonly address: string
}

/** Those for whom something is due now. */
export async function dueRecipients(q: Queryable): Promise<Recipient[]> {
  return q.query(
    `SELECT kind, address FROM notice WHERE ended_at IS NULL AND not_before <= now()
      GROUP BY kind, address ORDER BY min(not_before)`,
  )
}

export interface WaitingNotice {
  readonly id: number
  readonly content: NoticeContent
  readonly queuedAt: Date
  readonly attempts: number
  /** Of the webhook that it goes to. */
  readonly secret: string | null
}

/** All that waits for one of them, due or not, the oldest first. */
export async function waitingNotices(
  q: Queryable,
  { kind, address }: Recipient,
  limit: number,
): Promise<WaitingNotice[]> {
  return q.query(
    `SELECT n.id, n.content, n.queued_at AS "queuedAt", n.attempts, s.secret
       FROM notice n LEFT JOIN subscriber s ON s.id = n.subscriber
      WHERE n.kind = $1 AND n.address = $2 AND n.ended_at IS NULL ORDER BY n.id LIMIT $3`,
    [kind, address, limit],
  )
}

export async function markSent(q: Queryable, ids: readonly number[]): Promise<void> {
  await q.query(
    `UPDATE notice SET ended_at = now(), failure = NULL, attempts = attempts + 1
      WHERE id = ANY ($1)`,
    [ids],
  )
}

/** Tried again after `waitSeconds`, all of them together; those that wait for too long are given up. */
export async function markFailed(
  q: Queryable,
  ids: readonly number[],
  failure: string,
  waitSeconds: number,
  giveUpSeconds: number,
): Promise<number> {
  const rows = await q.query<{ isOver: boolean }>(
    `UPDATE notice SET attempts = attempts + 1, failure = $2,
            not_before = now() + make_interval(secs => $3),
            ended_at = CASE WHEN queued_at < now() - make_interval(secs => $4) THEN now() END
      WHERE id = ANY ($1) RETURNING ended_at IS NOT NULL AS "isOver"`,
    [ids, failure.slice(0, 500), waitSeconds, giveUpSeconds],
  )
  return rows.filter(({ isOver }) => isOver).length
}

export interface FailingRecipient extends Recipient {
  readonly waiting: number
  readonly attempts: number
  readonly failure: string
  readonly since: Date
}

/** Those whom so many attempts did not reach. */
export async function failingRecipients(
  q: Queryable,
  attempts: number,
): Promise<FailingRecipient[]> {
  return q.query(
    `SELECT kind, address, count(*)::int AS waiting, max(attempts) AS attempts,
            (array_agg(failure ORDER BY attempts DESC))[1] AS failure, min(queued_at) AS since
       FROM notice WHERE ended_at IS NULL AND failure IS NOT NULL
      GROUP BY kind, address HAVING max(attempts) >= $1 ORDER BY address`,
    [attempts],
  )
}

export async function countWaiting(q: Queryable): Promise<{ waiting: number; failing: number }> {
  const [row] = await q.query<{ waiting: number; failing: number }>(
    `SELECT count(*)::int AS waiting, count(failure)::int AS failing
       FROM notice WHERE ended_at IS NULL`,
  )
  return row ?? { waiting: 0, failing: 0 }
}

export async function forgetNotices(q: Queryable, before: Date): Promise<void> {
  await q.query(`DELETE FROM notice WHERE ended_at < $1`, [before])
}
