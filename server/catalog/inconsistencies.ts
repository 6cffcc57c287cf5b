import type { BadTime } from '../../core/model/retention/good-age.ts'
import type { Queryable } from './database.ts'

/** A time in which a replica was not consistent, with its cause. */
export interface InconsistencyRow {
  readonly id: number
  readonly dataSource: string
  readonly fromAt: Date
  readonly untilAt: Date | null
  readonly cause: string
  readonly checks: number
  readonly nextCheck: Date | null
}

const COLUMNS = `i.id, i.data_source AS "dataSource", i.from_at AS "fromAt",
  i.until_at AS "untilAt", i.cause, i.checks, i.next_check AS "nextCheck"`

/** Replicas that became inconsistent since the last look: their time begins, with the first check. */
export async function openInconsistencies(
  q: Queryable,
  now: Date,
  firstCheckMs: number,
): Promise<{ dataSource: string; cause: string }[]> {
  return q.query(
    `INSERT INTO inconsistency (data_source, from_at, cause, next_check)
     SELECT s.id, $1, coalesce(s.replica_reason, 'unknown'), $2
       FROM data_source s JOIN group_member m ON m.data_source = s.id
      WHERE s.replica_state = 'inconsistent'
        AND NOT EXISTS (SELECT FROM inconsistency i
                         WHERE i.data_source = s.id AND i.until_at IS NULL)
     ON CONFLICT DO NOTHING RETURNING data_source AS "dataSource", cause`,
    [now, new Date(now.getTime() + firstCheckMs)],
  )
}

/** Those that are consistent again: their time has ended. Also where protection was stopped. */
export async function closeInconsistencies(q: Queryable, now: Date): Promise<string[]> {
  const rows = await q.query<{ dataSource: string }>(
    `UPDATE inconsistency i SET until_at = greatest($1, i.from_at), next_check = NULL
       FROM data_source s WHERE s.id = i.data_source AND i.until_at IS NULL
        AND s.replica_state NOT IN ('inconsistent', 'checking')
     RETURNING i.data_source AS "dataSource"`,
    [now],
  )
  return rows.map(({ dataSource }) => dataSource)
}

/** Replicas whose next automatic check is due, with their groups. */
export async function dueAutoChecks(
  q: Queryable,
  now: Date,
): Promise<(InconsistencyRow & { group: string })[]> {
  return q.query(
    `SELECT ${COLUMNS}, m.protection_group AS "group"
       FROM inconsistency i JOIN group_member m ON m.data_source = i.data_source
      WHERE i.until_at IS NULL AND i.next_check <= $1 ORDER BY i.id FOR UPDATE OF i SKIP LOCKED`,
    [now],
  )
}

export async function setNextCheck(
  q: Queryable,
  id: number,
  checks: number,
  next: Date | null,
): Promise<void> {
  await q.query(`UPDATE inconsistency SET checks = $2, next_check = $3 WHERE id = $1`, [
    id,
    checks,
    next,
  ])
}

/** All bad times of a data source. */
export async function badTimes(q: Queryable, dataSource: string): Promise<BadTime[]> {
  return (await badTimesOf(q, [dataSource])).get(dataSource) ?? []
}

/** The same of several, by data source; one that was always consistent is left out. */
export async function badTimesOf(
  q: Queryable,
  dataSources: readonly string[],
): Promise<Map<string, BadTime[]>> {
  const rows = await q.query<{ dataSource: string; fromAt: Date; untilAt: Date | null }>(
    `SELECT data_source AS "dataSource", from_at AS "fromAt", until_at AS "untilAt"
       FROM inconsistency WHERE data_source = ANY ($1::text[]) ORDER BY from_at`,
    [dataSources],
  )
  const times = new Map<string, BadTime[]>()
  for (const { dataSource, fromAt, untilAt } of rows) {
    const of = times.get(dataSource) ?? []
    times.set(dataSource, of)
    of.push({ from: fromAt.getTime(), until: untilAt?.getTime() ?? null })
  }
  return times
}

export interface CauseCount {
  readonly cause: string
  readonly count: number
}

/** Causes since a time, the most frequent first. */
export async function countCauses(
  q: Queryable,
  dataSource: string,
  since: Date,
): Promise<CauseCount[]> {
  return q.query(
    `SELECT cause, count(*)::int AS count FROM inconsistency
      WHERE data_source = $1 AND from_at >= $2 GROUP BY cause ORDER BY 2 DESC, 1`,
    [dataSource, since],
  )
}
