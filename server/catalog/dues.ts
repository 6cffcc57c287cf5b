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

/** False where it is there already: another server was first, or the clock went back. */
export async function insertDue(q: Queryable, due: NewDue): Promise<boolean> {
  const rows = await q.query(
    `INSERT INTO due (data_source, kind, due_at, protection_group, not_before)
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING kind`,
    [due.dataSource, due.kind, due.dueAt, due.group, due.notBefore],
  )
  return rows.length > 0
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

export async function updateDue(
  q: Queryable,
  due: Pick<DueRow, 'dataSource' | 'kind' | 'dueAt'>,
  change: DueChange,
): Promise<void> {
  await q.query(
    `UPDATE due SET state = $4, not_before = coalesce($5, not_before),
            attempt = coalesce($6, attempt), job = coalesce($7, job), reason = coalesce($8, reason)
      WHERE data_source = $1 AND kind = $2 AND due_at = $3`,
    [
      due.dataSource,
      due.kind,
      due.dueAt,
      change.state,
      change.notBefore ?? null,
      change.attempt ?? null,
      change.job ?? null,
      change.reason ?? null,
    ],
  )
}

/** Others of the same kind that are not over: whoever comes next takes their place, or gives way. */
export async function openDues(q: Queryable, dataSource: string, kind: DueKind): Promise<DueRow[]> {
  return q.query(
    `SELECT ${COLUMNS} FROM due d WHERE d.data_source = $1 AND d.kind = $2
        AND d.state IN ('waiting', 'started') ORDER BY d.due_at`,
    [dataSource, kind],
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

/** Due times up to `until` are planned; false where another server has moved it meanwhile. */
export async function moveLookedAt(
  q: Queryable,
  dataSource: string,
  what: LookedAt,
  from: Date,
  until: Date,
): Promise<boolean> {
  const column = UNTIL[what]
  const rows = await q.query(
    `UPDATE group_member SET ${column} = $3 WHERE data_source = $1 AND ${column} = $2
     RETURNING data_source`,
    [dataSource, from, until],
  )
  return rows.length > 0
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
