import { HoldfastError } from '../../core/model/error.ts'
import { randomId, type Random } from '../../core/runtime/random.ts'
import type { Queryable } from './database.ts'
import { recordEvent } from './events.ts'
import { objectsOf } from './scopes.ts'
import { isoTime } from './time.ts'

export type AlertSeverity = 'critical' | 'warning' | 'informational'
/** `acknowledged`: seen by a person, counted on in silence. `resolved`: its cause is gone. */
export type AlertState = 'active' | 'acknowledged' | 'resolved'

/** What is wrong with which object, why, and what to do about it. */
export interface NewAlert {
  /** A stable word such as `chunk-damaged`. */
  readonly type: string
  readonly severity: AlertSeverity
  /** Id of the host, data source, point, job or volume. */
  readonly object: string
  readonly cause: string
  readonly action: string
}

export interface AlertView extends NewAlert {
  readonly id: string
  readonly state: AlertState
  readonly count: number
  readonly firstSeenAt: string
  readonly lastSeenAt: string
}

/**
 * One open alert per type and object: a repeated cause counts up the one that is there, also where
 * somebody has acknowledged it. Gives its id.
 */
export async function raiseAlert(q: Queryable, random: Random, alert: NewAlert): Promise<string> {
  const values = [alert.type, alert.object, alert.severity, alert.cause, alert.action]
  const [open] = await q.query<{ id: string }>(
    `UPDATE alert SET count = count + 1, last_seen_at = now(), severity = $3, cause = $4, action = $5
      WHERE type = $1 AND object = $2 AND state IN ('active', 'acknowledged') RETURNING id`,
    values,
  )
  if (open) return open.id
  const [row] = await q.query<{ id: string; count: number }>(
    `INSERT INTO alert (id, type, object, severity, cause, action) VALUES ($6, $1, $2, $3, $4, $5)
     ON CONFLICT (type, object) WHERE state = 'active' DO UPDATE
       SET count = alert.count + 1, last_seen_at = now(), severity = $3, cause = $4, action = $5
     RETURNING id, count`,
    [...values, randomId(random, 'alert')],
  )
  if (!row) throw new Error('an alert was neither inserted nor updated')
  if (row.count === 1)
    await recordEvent(q, {
      kind: 'alert-raised',
      about: alert.object,
      message: `${alert.type}: ${alert.cause}`,
    })
  return row.id
}

/** Its cause is gone. Nothing happens where no such alert is open. */
export async function resolveAlert(q: Queryable, type: string, object: string): Promise<void> {
  const rows = await q.query(
    `UPDATE alert SET state = 'resolved', last_seen_at = now()
      WHERE type = $1 AND object = $2 AND state IN ('active', 'acknowledged') RETURNING id`,
    [type, object],
  )
  if (rows.length > 0)
    await recordEvent(q, { kind: 'alert-resolved', about: object, message: `${type}: resolved` })
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

interface AlertRow extends Omit<AlertView, 'firstSeenAt' | 'lastSeenAt'> {
  readonly firstSeenAt: Date
  readonly lastSeenAt: Date
}

const COLUMNS = `id, type, severity, state, object, count, first_seen_at AS "firstSeenAt",
  last_seen_at AS "lastSeenAt", cause, action`

/** Newest first; without `all` only those that are neither acknowledged nor resolved. */
export async function listAlerts(
  q: Queryable,
  all: boolean,
  /** Only those about these data sources, their points and jobs. */
  within?: readonly string[],
): Promise<AlertView[]> {
  const rows = await q.query<AlertRow>(
    `SELECT ${COLUMNS} FROM alert
      WHERE ($1 OR state = 'active') AND ($2::text[] IS NULL OR object IN ${objectsOf('$2')})
      ORDER BY last_seen_at DESC, id`,
    [all, within ?? null],
  )
  return rows.map(toView)
}

export async function getAlert(q: Queryable, id: string): Promise<AlertView> {
  const [row] = await q.query<AlertRow>(`SELECT ${COLUMNS} FROM alert WHERE id = $1`, [id])
  if (row) return toView(row)
  throw new HoldfastError('not-found', `there is no alert ${id}`, {
    hint: '`holdfast alert list` shows all that are active.',
  })
}

export async function countActiveAlerts(q: Queryable): Promise<number> {
  const [row] = await q.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM alert WHERE state = 'active'`,
  )
  return row?.count ?? 0
}

function toView(row: AlertRow): AlertView {
  const { firstSeenAt, lastSeenAt, ...rest } = row
  return { ...rest, firstSeenAt: isoTime(firstSeenAt), lastSeenAt: isoTime(lastSeenAt) }
}
