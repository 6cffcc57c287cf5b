import type { Queryable } from './database.ts'

/** What a schedule asks for, one row each (data source, kind, time). */
export type DueKind = 'initial' | 'point' | 'synchronize' | 'check'
export type DueState = 'waiting' | 'started' | 'completed' | 'failed' | 'skipped'

export interface DueRow {
  readonly dataSource: string
  readonly kind: DueKind
  readonly dueAt: Date
  readonly group: string
  readonly state: DueState
  readonly attempt: number
  readonly job: string | null
  readonly reason: string | null
}

const COLUMNS = `d.data_source AS "dataSource", d.kind, d.due_at AS "dueAt",
  d.protection_group AS "group", d.state, d.attempt, d.job, d.reason`

export interface NewDue {
  readonly dataSource: string
  readonly kind: DueKind
  readonly dueAt: Date
  readonly group: string
  readonly notBefore: Date
}

/** Those that are there already stay: another server was first, or the clock went back. */
export async function insertDues(q: Queryable, dues: readonly NewDue[]): Promise<void> {
  if (dues.length === 0) return
  await q.query(
    `INSERT INTO due (data_source, kind, due_at, protection_group, not_before)
     SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::timestamptz[])
     ON CONFLICT DO NOTHING`,
    [
      dues.map(({ dataSource }) => dataSource),
      dues.map(({ kind }) => kind),
      dues.map(({ dueAt }) => dueAt),
      dues.map(({ group }) => group),
      dues.map(({ notBefore }) => notBefore),
    ],
  )
}

/** What may start now, the longest due first; locked, and left to who has locked it already. */
export async function lockWaitingDues(q: Queryable, now: Date, limit: number): Promise<DueRow[]> {
  return q.query(
    `SELECT ${COLUMNS} FROM due d WHERE d.state = 'waiting' AND d.not_before <= $1
      ORDER BY d.not_before, d.due_at, d.data_source LIMIT $2 FOR UPDATE SKIP LOCKED`,
    [now, limit],
  )
}

export interface EndedDue extends DueRow {
  readonly jobState: string | null
  readonly jobKind: string | null
  readonly error: { readonly message: string } | null
}

/** Started ones whose job has ended, or is not there any more. */
export async function lockEndedDues(q: Queryable, limit: number): Promise<EndedDue[]> {
  return q.query(
    `SELECT ${COLUMNS}, j.state AS "jobState", j.kind AS "jobKind", j.error
       FROM due d LEFT JOIN job j ON j.id = d.job
      WHERE d.state = 'started' AND (j.id IS NULL OR j.finished_at IS NOT NULL)
      ORDER BY d.due_at LIMIT $1 FOR UPDATE OF d SKIP LOCKED`,
    [limit],
  )
}

export interface DueChange {
  readonly state: DueState
  readonly notBefore?: Date
  readonly attempt?: number
  readonly job?: string | null
  readonly reason?: string | null
}

export type DueKey = Pick<DueRow, 'dataSource' | 'kind' | 'dueAt'>

export async function updateDue(q: Queryable, due: DueKey, change: DueChange): Promise<void> {
  await updateDues(q, [{ due, change }])
}

export async function updateDues(
  q: Queryable,
  changes: readonly { readonly due: DueKey; readonly change: DueChange }[],
): Promise<void> {
  if (changes.length === 0) return
  await q.query(
    `UPDATE due d SET state = new.state, not_before = coalesce(new.not_before, d.not_before),
            attempt = coalesce(new.attempt, d.attempt), job = coalesce(new.job, d.job),
            reason = coalesce(new.reason, d.reason)
       FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::timestamptz[],
                   $6::int[], $7::text[], $8::text[])
         AS new (data_source, kind, due_at, state, not_before, attempt, job, reason)
      WHERE d.data_source = new.data_source AND d.kind = new.kind AND d.due_at = new.due_at`,
    [
      changes.map(({ due }) => due.dataSource),
      changes.map(({ due }) => due.kind),
      changes.map(({ due }) => due.dueAt),
      changes.map(({ change }) => change.state),
      changes.map(({ change }) => change.notBefore ?? null),
      changes.map(({ change }) => change.attempt ?? null),
      changes.map(({ change }) => change.job ?? null),
      changes.map(({ change }) => change.reason ?? null),
    ],
  )
}

/** Of these data sources, what is not over: whoever comes next takes its place, or gives way. */
export async function openDuesOf(q: Queryable, dataSources: readonly string[]): Promise<DueRow[]> {
  return q.query(
    `SELECT ${COLUMNS} FROM due d WHERE d.data_source = ANY ($1::text[])
        AND d.state IN ('waiting', 'started') ORDER BY d.due_at`,
    [dataSources],
  )
}

/** The last ones that are over, newest first. */
export async function lastDues(
  q: Queryable,
  dataSource: string,
  kind: DueKind,
  limit: number,
): Promise<DueRow[]> {
  return q.query(
    `SELECT ${COLUMNS} FROM due d WHERE d.data_source = $1 AND d.kind = $2
        AND d.state NOT IN ('waiting', 'started') ORDER BY d.due_at DESC LIMIT $3`,
    [dataSource, kind, limit],
  )
}

export async function forgetDues(q: Queryable, before: Date): Promise<void> {
  await q.query(
    `DELETE FROM due WHERE due_at < $1 AND state IN ('completed', 'failed', 'skipped')`,
    [before],
  )
}

export type LookedAt = 'points' | 'syncs' | 'checks'

const UNTIL = { points: 'points_until', syncs: 'syncs_until', checks: 'checks_until' } as const

export interface SeenUntil {
  /** Of the data source. */
  readonly id: string
  readonly until: Date
}

/** Due times up to `to` are planned; gives those that no other server has moved meanwhile. */
export async function moveLookedAt(
  q: Queryable,
  what: LookedAt,
  seen: readonly SeenUntil[],
  to: Date,
): Promise<Set<string>> {
  const column = UNTIL[what]
  const rows = await q.query<{ id: string }>(
    `UPDATE group_member m SET ${column} = $3
       FROM unnest($1::text[], $2::timestamptz[]) AS seen (id, until)
      WHERE m.data_source = seen.id AND m.${column} = seen.until RETURNING m.data_source AS id`,
    [seen.map(({ id }) => id), seen.map(({ until }) => until), to],
  )
  return new Set(rows.map(({ id }) => id))
}

export interface EndedWindow {
  readonly job: string
  readonly dataSource: string
  readonly hours: number
}

/** Checks that run though the hours which their group gives them are over. */
export async function endedWindows(q: Queryable, now: Date): Promise<EndedWindow[]> {
  return q.query(
    `SELECT d.job, d.data_source AS "dataSource", (g.settings->>'checkHours')::int AS hours
       FROM due d
       JOIN protection_group g ON g.id = d.protection_group
       JOIN job j ON j.id = d.job
      WHERE d.kind = 'check' AND d.state = 'started' AND j.finished_at IS NULL
        AND j.cancel_reason IS NULL AND (g.settings->>'checkHours')::int > 0
        AND g.settings->>'check' NOT IN ('auto', 'none')
        AND d.due_at + make_interval(hours => (g.settings->>'checkHours')::int) <= $1`,
    [now],
  )
}
