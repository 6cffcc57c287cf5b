import type { Queryable } from './database.ts'
import { objectsOf } from './scopes.ts'
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
  /** Id of an event: only older ones, for the next page. */
  readonly before?: number | undefined
  /** 0 or absent: the newest 1,000. */
  readonly limit?: number | undefined
}

const EVENTS_AT_ONCE = 1000

interface EventRow extends Omit<EventView, 'id' | 'at'> {
  readonly id: number
  readonly at: Date
}

const WANTED = `
        ($1::timestamptz IS NULL OR at >= $1)
    AND ($3::timestamptz IS NULL OR at <= $3)
    AND ($4::int8 IS NULL OR id < $4)
    AND ($5::text IS NULL OR split_part(kind, '-', 1) = split_part($5, '-', 1)
                         AND (kind = $5 OR strpos($5, '-') = 0))
    AND ($6::text IS NULL OR strpos(lower(message), lower($6)) > 0)`

const LIST_EVENTS = `
  SELECT id, at, kind, about, message, actor FROM event
   WHERE ${WANTED} AND ($7::text[] IS NULL OR about IN ${objectsOf('$7')})
   ORDER BY id DESC LIMIT $2`

/** The newest of each object: whoever asks about one has no million others looked at. */
const LIST_EVENTS_ABOUT = `
  SELECT id, at, kind, about, message, actor
    FROM (SELECT $8::text AS object
           UNION ALL SELECT id FROM recovery_point WHERE data_source = $8
           UNION ALL SELECT id FROM job WHERE data_source = $8) AS wanted
   CROSS JOIN LATERAL (
     SELECT * FROM event WHERE about = wanted.object AND ${WANTED}
      ORDER BY id DESC LIMIT $2) AS newest
   WHERE $7::text[] IS NULL OR about IN ${objectsOf('$7')}
   ORDER BY id DESC LIMIT $2`

/** Newest first. */
export async function listEvents(q: Queryable, filter: EventFilter): Promise<EventView[]> {
  const { about = null, since = null, until = null, within = null } = filter
  const { before = null, kind = null, text = null } = filter
  const rows = await q.query<EventRow>(about === null ? LIST_EVENTS : LIST_EVENTS_ABOUT, [
    ...[since, filter.limit || EVENTS_AT_ONCE, until, before, kind, text, within],
    ...(about === null ? [] : [about]),
  ])
  return rows.map((row) => ({ ...row, id: String(row.id), at: isoTime(row.at) }))
}
