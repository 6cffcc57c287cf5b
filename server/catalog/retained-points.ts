import type { RetainedPoint } from '../../core/model/retention/policy.ts'
import type { Queryable } from './database.ts'

interface Row extends RetainedPoint {
  readonly dataSource: string
}

/** Points of a data source that are there, as retention looks at them. */
export async function retainedPoints(q: Queryable, dataSource: string): Promise<RetainedPoint[]> {
  return (await retainedPointsOf(q, [dataSource])).get(dataSource) ?? []
}

/** The same of several, by data source; one without points is left out. */
export async function retainedPointsOf(
  q: Queryable,
  dataSources: readonly string[],
): Promise<Map<string, RetainedPoint[]>> {
  const rows = await q.query<Row>(
    `SELECT p.data_source AS "dataSource", p.id, v.sequence, ${millis('p.created_at')} AS "createdAt",
            p.state, p.protected, p.label, ${millis('p.expires_at')} AS "expiresAt",
            ${millis('p.locked_until')} AS "lockedUntil"
       FROM unnest($1::text[]) AS wanted (id)
      CROSS JOIN LATERAL (SELECT * FROM recovery_point
                           WHERE data_source = wanted.id AND state <> 'deleted' OFFSET 0) AS p
       JOIN version v ON v.data_source = p.data_source AND v.id = p.version
      ORDER BY v.sequence DESC`,
    [dataSources],
  )
  const points = new Map<string, RetainedPoint[]>()
  for (const { dataSource, ...row } of rows) {
    const of = points.get(dataSource) ?? []
    points.set(dataSource, of)
    of.push(row)
  }
  return points
}

/** SQL: milliseconds since 1970, as they are. Of thousands of points the driver's dates take longest. */
function millis(column: string): string {
  return `floor(extract(epoch FROM ${column}) * 1000)::float8`
}

/** Data sources where something may expire: members, stopped ones, and points with a term of their own. */
export async function sourcesToExpire(q: Queryable, now: Date): Promise<string[]> {
  const rows = await q.query<{ id: string }>(
    `SELECT data_source AS id FROM group_member
      UNION SELECT data_source FROM stopped_protection WHERE points = 'kept'
      UNION SELECT data_source FROM recovery_point
             WHERE expires_at <= $1 AND expires_at IS NOT NULL AND state <> 'deleted'
      ORDER BY 1`,
    [now],
  )
  return rows.map(({ id }) => id)
}

/** Of these, those whose replica is in order: of the others nothing may expire. */
export async function consistentOf(
  q: Queryable,
  dataSources: readonly string[],
): Promise<string[]> {
  const rows = await q.query<{ id: string }>(
    `SELECT id FROM data_source WHERE id = ANY ($1::text[])
        AND replica_state NOT IN ('inconsistent', 'checking') ORDER BY id`,
    [dataSources],
  )
  return rows.map(({ id }) => id)
}
