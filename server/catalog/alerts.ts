import type { AlertSeverity, AlertType } from '../../core/model/alert-type.ts'
import { randomId, type Random } from '../../core/runtime/random.ts'
import { getAlert, type AlertView } from './alerts-view.ts'
import type { Queryable } from './database.ts'
import { recordEvent } from './events.ts'
import { hasSubscribers, queueAlertNotices, type AlertChange } from './notices.ts'

/** What is wrong with which object, why, and what to do about it. */
export interface NewAlert {
  readonly type: AlertType
  readonly severity: AlertSeverity
  /** Id of the host, data source, group, point, job, volume or pack; `server` for the whole. */
  readonly object: string
  readonly cause: string
  readonly action: string
  /** What runs it again, where something does; `{object}` becomes the object's name. */
  readonly command?: string
  /** What happened, such as a job's id: the same again is not counted. Absent: each time counts. */
  readonly occurrence?: string
}

const RANK = `array_position(ARRAY['informational', 'warning', 'critical'],`

/**
 * One open alert per type and object: a repeated cause counts up the one that is there, also where
 * somebody has acknowledged it; one that grew worse becomes active again. Gives its id.
 */
export async function raiseAlert(q: Queryable, random: Random, alert: NewAlert): Promise<string> {
  const [row] = await q.query<{ id: string; isNew: boolean; isWorse: boolean }>(
    `WITH before AS (
       SELECT severity FROM alert
        WHERE type = $1 AND object = $2 AND state <> 'resolved')
     INSERT INTO alert (type, object, severity, cause, action, command, occurrence, id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (type, object) WHERE state <> 'resolved' DO UPDATE
       SET count = alert.count + CASE WHEN $7 <> '' AND alert.occurrence = $7 THEN 0 ELSE 1 END,
           state = CASE WHEN ${RANK} $3) > ${RANK} alert.severity) THEN 'active'
                        ELSE alert.state END,
           last_seen_at = now(), severity = $3, cause = $4, action = $5, command = $6,
           occurrence = $7
     RETURNING id, xmax = 0 AS "isNew",
       coalesce(${RANK} $3) > ${RANK} (SELECT severity FROM before)), false) AS "isWorse"`,
    [
      ...[alert.type, alert.object, alert.severity, alert.cause, alert.action],
      ...[alert.command ?? '', alert.occurrence ?? '', randomId(random, 'alert')],
    ],
  )
  if (!row) throw new Error('an alert was neither inserted nor updated')
  if (row.isNew || row.isWorse) {
    const change = row.isNew ? 'raised' : 'worsened'
    const message = `${alert.type}: ${alert.cause}`
    await recordEvent(q, { kind: `alert-${change}`, about: alert.object, message })
    await tell(q, row.id, alert.severity, change)
  }
  return row.id
}

/** Its cause is gone. Nothing happens where no such alert is open. */
export async function resolveAlert(q: Queryable, type: AlertType, object: string): Promise<void> {
  await resolveAlerts(q, type, [object])
}

/** The same of several objects. */
export async function resolveAlerts(
  q: Queryable,
  type: AlertType,
  objects: readonly string[],
): Promise<void> {
  const resolved = await q.query<{ id: string; object: string; severity: AlertSeverity }>(
    `UPDATE alert SET state = 'resolved', resolved_at = now()
      WHERE type = $1 AND object = ANY ($2::text[]) AND state <> 'resolved'
      RETURNING id, object, severity`,
    [type, objects],
  )
  for (const { id, object, severity } of resolved) {
    await recordEvent(q, { kind: 'alert-resolved', about: object, message: `${type}: resolved` })
    // That something nobody had to act on is over is no news.
    if (severity !== 'informational') await tell(q, id, severity, 'resolved')
  }
}

/** To subscribers, in the same transaction: both are there or neither. */
async function tell(
  q: Queryable,
  id: string,
  severity: AlertSeverity,
  change: AlertChange,
): Promise<void> {
  if (await hasSubscribers(q, severity)) await queueAlertNotices(q, await getAlert(q, id), change)
}

export async function acknowledgeAlert(q: Queryable, id: string, by: string): Promise<AlertView> {
  const rows = await q.query(
    `UPDATE alert SET state = 'acknowledged' WHERE id = $1 AND state = 'active' RETURNING id`,
    [id],
  )
  const alert = await getAlert(q, id)
  if (rows.length === 0) return alert
  await recordEvent(q, {
    kind: 'alert-acknowledged',
    about: alert.object,
    message: `${alert.type}: acknowledged`,
    actor: by,
  })
  return alert
}

/** What stands in the catalog of an alert that is not over. */
export interface OpenAlert {
  readonly object: string
  readonly severity: AlertSeverity
  readonly cause: string
  readonly occurrence: string
  readonly seenSeconds: number
}

export async function openAlertsOf(q: Queryable, type: AlertType): Promise<OpenAlert[]> {
  return q.query(
    `SELECT object, severity, cause, occurrence,
            extract(epoch FROM now() - last_seen_at)::float8 AS "seenSeconds"
       FROM alert WHERE type = $1 AND state <> 'resolved'`,
    [type],
  )
}

/** Those that are over for so long go. */
export async function forgetAlerts(q: Queryable, before: Date): Promise<void> {
  await q.query(`DELETE FROM alert WHERE state = 'resolved' AND resolved_at < $1`, [before])
}
