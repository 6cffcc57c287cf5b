import type { Queryable } from './database.ts'

/** The clock as the schedule last saw it, and whether it is in doubt. */
export interface ScheduleClock {
  readonly seenAt: Date
  readonly jumpedFrom: Date | null
  readonly jumpedTo: Date | null
}

export async function readScheduleClock(q: Queryable): Promise<ScheduleClock | undefined> {
  const [row] = await q.query<ScheduleClock>(
    `SELECT seen_at AS "seenAt", jumped_from AS "jumpedFrom", jumped_to AS "jumpedTo"
       FROM schedule_clock`,
  )
  return row
}

export async function sawClock(q: Queryable, at: Date): Promise<void> {
  await q.query(
    `INSERT INTO schedule_clock (seen_at) VALUES ($1) ON CONFLICT (one) DO UPDATE SET seen_at = $1`,
    [at],
  )
}

/** Keeps the first jump of several. */
export async function noteJump(q: Queryable, from: Date, to: Date): Promise<void> {
  await q.query(
    `UPDATE schedule_clock SET jumped_from = coalesce(jumped_from, $1), jumped_to = $2`,
    [from, to],
  )
}

export async function clearJump(q: Queryable): Promise<void> {
  await q.query(`UPDATE schedule_clock SET jumped_from = NULL, jumped_to = NULL`)
}

/** The first to write it does the server's own work of that time. */
export async function takeOwnDue(q: Queryable, kind: string, dueAt: Date): Promise<boolean> {
  const rows = await q.query(
    `INSERT INTO server_due (kind, due_at) VALUES ($1, $2)
     ON CONFLICT (kind) DO UPDATE SET due_at = $2 WHERE server_due.due_at < $2 RETURNING kind`,
    [kind, dueAt],
  )
  return rows.length > 0
}

export async function lastOwnDue(q: Queryable, kind: string): Promise<Date | undefined> {
  const [row] = await q.query<{ dueAt: Date }>(
    `SELECT due_at AS "dueAt" FROM server_due WHERE kind = $1`,
    [kind],
  )
  return row?.dueAt
}

/** Turns taken in a future that the clock has left again. */
export async function forgetOwnDues(q: Queryable, after: Date): Promise<void> {
  await q.query(`DELETE FROM server_due WHERE due_at > $1`, [after])
}
