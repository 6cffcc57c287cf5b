import type { AlertSeverity, AlertState, AlertType } from '../../core/model/alert-type.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { shellWord } from '../../core/model/shell-word.ts'
import type { Queryable } from './database.ts'
import { objectsOf } from './scopes.ts'
import { sorted, type Order, type SortedList } from './sorted-list.ts'
import { isoTime } from './time.ts'

/** An alert as people and scripts see it. */
export interface AlertView {
  readonly id: string
  /** `test` is told and never stored. */
  readonly type: AlertType | 'test'
  readonly severity: AlertSeverity
  readonly state: AlertState
  readonly object: string
  /** Such as HOST/NAME; the id where it has no name. */
  readonly objectName: string
  readonly count: number
  readonly firstSeenAt: string
  readonly lastSeenAt: string
  readonly resolvedAt: string | null
  readonly cause: string
  readonly action: string
  /** What runs it again; empty where nothing does. */
  readonly command: string
}

interface AlertRow extends Omit<AlertView, 'firstSeenAt' | 'lastSeenAt' | 'resolvedAt'> {
  readonly firstSeenAt: Date
  readonly lastSeenAt: Date
  readonly resolvedAt: Date | null
}

const OBJECT_NAME = `coalesce(h.name, g.name, v.path, sh.name || '/' || s.name, a.object)`

const ALERTS = {
  row: 'alert',
  // Points and jobs go by the name of their data source.
  from: `alert a
    LEFT JOIN host h ON h.id = a.object
    LEFT JOIN protection_group g ON g.id = a.object
    LEFT JOIN volume v ON v.uid = a.object
    LEFT JOIN recovery_point p ON p.id = a.object
    LEFT JOIN job j ON j.id = a.object
    LEFT JOIN data_source s ON s.id = coalesce(p.data_source, j.data_source, a.object)
    LEFT JOIN host sh ON sh.id = s.host`,
  ...{ id: 'a.id', came: 'a.first_seen_at' },
  columns: {
    // As finely as it is told: the next page begins by what was.
    seen: `date_trunc('milliseconds', a.last_seen_at)`,
    ...{ object: OBJECT_NAME, count: 'a.count' },
  },
} as const satisfies SortedList<string>

export type AlertColumn = keyof typeof ALERTS.columns
export const ALERT_COLUMNS = Object.keys(ALERTS.columns) as AlertColumn[]
const NEWEST_FIRST: Order<AlertColumn> = { by: 'seen', descending: true }

const SELECT_ALERTS = `
  SELECT a.id, a.type, a.severity, a.state, a.object, a.count, a.first_seen_at AS "firstSeenAt",
         a.last_seen_at AS "lastSeenAt", a.resolved_at AS "resolvedAt", a.cause, a.action, a.command,
         ${OBJECT_NAME} AS "objectName"
    FROM ${ALERTS.from}`

export interface AlertFilter {
  /** Also those that are acknowledged or resolved. */
  readonly all: boolean
  /** Only those about these data sources, their points and jobs. */
  readonly within?: readonly string[] | undefined
  /** Absent: the first page, those seen last first. */
  readonly order?: Order<AlertColumn> | undefined
  /** 0 or absent: all. */
  readonly limit?: number | undefined
}

export async function listAlerts(q: Queryable, filter: AlertFilter): Promise<AlertView[]> {
  const { all, within = null, order = NEWEST_FIRST, limit } = filter
  const { behind, orderBy, values } = await sorted(q, ALERTS, order, [all, within, limit || null])
  const rows = await q.query<AlertRow>(
    `${SELECT_ALERTS}
      WHERE ($1 OR a.state = 'active') AND ($2::text[] IS NULL OR a.object IN ${objectsOf('$2')})
        AND ${behind}
      ORDER BY ${orderBy} LIMIT $3`,
    values,
  )
  return rows.map(toView)
}

export async function getAlert(q: Queryable, id: string): Promise<AlertView> {
  const [row] = await q.query<AlertRow>(`${SELECT_ALERTS} WHERE a.id = $1`, [id])
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
  const { firstSeenAt, lastSeenAt, resolvedAt, ...rest } = row
  return {
    ...rest,
    command: row.command.replaceAll('{object}', () => shellWord(row.objectName)),
    firstSeenAt: isoTime(firstSeenAt),
    lastSeenAt: isoTime(lastSeenAt),
    resolvedAt: isoTime(resolvedAt),
  }
}
