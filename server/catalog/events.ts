import type { Queryable } from './database.ts'
import { objectsOf } from './scopes.ts'
import { sorted, type Order, type SortedList } from './sorted-list.ts'
import { isoTime } from './time.ts'

/** One change of state, in words for people. `about` is the id of what it happened to. */
export interface NewEvent {
  /** A stable word such as `point-deleted`. */
  readonly kind: string
  readonly about: string
  readonly message: string
  /** Name of the operator or host that caused it; absent: the server by itself. */
  readonly actor?: string | undefined
}

/** Belongs into the transaction of the change that it tells of: both or neither. */
export async function recordEvent(q: Queryable, event: NewEvent): Promise<void> {
  await q.query(`INSERT INTO event (kind, about, message, actor) VALUES ($1, $2, $3, $4)`, [
    event.kind,
    event.about,
    event.message,
    event.actor ?? null,
  ])
}

/** Several of them in one statement. */
export async function recordEvents(q: Queryable, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return
  await q.query(
    `INSERT INTO event (kind, about, message, actor)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])`,
    [
      events.map(({ kind }) => kind),
      events.map(({ about }) => about),
      events.map(({ message }) => message),
      events.map(({ actor }) => actor ?? null),
    ],
  )
}

export interface EventView {
  readonly id: string
  readonly at: string
  readonly kind: string
  readonly about: string
  readonly message: string
  readonly actor: string | null
}

export interface EventFilter {
  /** An id. Of a data source: also what happened to its points and jobs. */
  readonly about?: string | undefined
  /** Only what happened to these data sources, their points and jobs. */
  readonly within?: readonly string[] | undefined
  /** One of core/model/event-area.ts, or a whole kind. */
  readonly kind?: string | undefined
  /** Part of the message. */
  readonly text?: string | undefined
  /** ISO 8601. */
  readonly since?: string | undefined
  readonly until?: string | undefined
  /** Absent: the first page, newest first. */
  readonly order?: Order<EventColumn> | undefined
  /** 0 or absent: the newest 1,000. */
  readonly limit?: number | undefined
}

const EVENTS_AT_ONCE = 1000

interface EventRow extends Omit<EventView, 'id' | 'at'> {
  readonly id: number
  readonly at: Date
}

const EVENTS = {
  ...{ row: 'event', from: 'event', id: 'id', came: 'id' },
  columns: { at: 'id', kind: 'kind', about: 'about', actor: `coalesce(actor, '')` },
} as const satisfies SortedList<string>

export type EventColumn = keyof typeof EVENTS.columns
export const EVENT_COLUMNS = Object.keys(EVENTS.columns) as EventColumn[]
const NEWEST_FIRST: Order<EventColumn> = { by: 'at', descending: true }

const WANTED = `
        ($1::timestamptz IS NULL OR at >= $1)
    AND ($3::timestamptz IS NULL OR at <= $3)
    AND ($4::text IS NULL OR split_part(kind, '-', 1) = split_part($4, '-', 1)
                         AND (kind = $4 OR strpos($4, '-') = 0))
    AND ($5::text IS NULL OR strpos(lower(message), lower($5)) > 0)`

interface Sorted {
  readonly behind: string
  readonly orderBy: string
}

const listAll = ({ behind, orderBy }: Sorted) => `
  SELECT id, at, kind, about, message, actor FROM event
   WHERE ${WANTED} AND ${behind} AND ($6::text[] IS NULL OR about IN ${objectsOf('$6')})
   ORDER BY ${orderBy} LIMIT $2`

/** The first of each object: whoever asks about one has no million others looked at. */
const listAbout = ({ behind, orderBy }: Sorted) => `
  SELECT id, at, kind, about, message, actor
    FROM (SELECT $7::text AS object
           UNION ALL SELECT id FROM recovery_point WHERE data_source = $7
           UNION ALL SELECT id FROM job WHERE data_source = $7) AS wanted
   CROSS JOIN LATERAL (
     SELECT * FROM event WHERE about = wanted.object AND ${WANTED} AND ${behind}
      ORDER BY ${orderBy} LIMIT $2) AS first
   WHERE $6::text[] IS NULL OR about IN ${objectsOf('$6')}
   ORDER BY ${orderBy} LIMIT $2`

export async function listEvents(q: Queryable, filter: EventFilter): Promise<EventView[]> {
  const { about = null, since = null, until = null, within = null } = filter
  const { kind = null, text = null, order = NEWEST_FIRST } = filter
  const { values, ...asked } = await sorted(q, EVENTS, order, [
    ...[since, filter.limit || EVENTS_AT_ONCE, until, kind, text, within],
    ...(about === null ? [] : [about]),
  ])
  const rows = await q.query<EventRow>((about === null ? listAll : listAbout)(asked), values)
  return rows.map((row) => ({ ...row, id: String(row.id), at: isoTime(row.at) }))
}
