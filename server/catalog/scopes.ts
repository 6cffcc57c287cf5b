import type { Queryable } from './database.ts'

/** Which data sources an operator is limited to. */
export const SCOPE_KINDS = ['group', 'source', 'host', 'owner', 'tenant'] as const
export type ScopeKind = (typeof SCOPE_KINDS)[number]

export interface Scope {
  readonly kind: ScopeKind
  /** Of owner and tenant the word itself, else an id. */
  readonly value: string
}

/** Of all that these scopes add up to: data sources, and the hosts they lie on. */
export async function visibleWithin(
  q: Queryable,
  scopes: readonly Scope[],
): Promise<{ sources: string[]; hosts: string[] }> {
  const values = (kind: ScopeKind) => scopes.filter((s) => s.kind === kind).map((s) => s.value)
  const rows = await q.query<{ id: string; host: string }>(
    `SELECT id, host FROM data_source
      WHERE id = ANY ($1::text[]) OR host = ANY ($2::text[])
         OR (owner <> '' AND owner = ANY ($3::text[]))
         OR (tenant <> '' AND tenant = ANY ($4::text[]))
         OR id IN (SELECT data_source FROM group_member WHERE protection_group = ANY ($5::text[]))`,
    [values('source'), values('host'), values('owner'), values('tenant'), values('group')],
  )
  const hosts = new Set([...values('host'), ...rows.map((row) => row.host)])
  return { sources: rows.map((row) => row.id), hosts: [...hosts] }
}

export type ScopedKind = 'point' | 'job' | 'alert'

/** Ids of what belongs to a data source: itself, its points, its jobs. `$n` is the sources' ids. */
export function objectsOf(parameter: string): string {
  return `(SELECT unnest(${parameter}::text[])
     UNION ALL SELECT id FROM recovery_point WHERE data_source = ANY (${parameter}::text[])
     UNION ALL SELECT id FROM job WHERE data_source = ANY (${parameter}::text[]))`
}

const SOURCE_OF: Readonly<Record<ScopedKind, string>> = {
  point: `SELECT data_source AS source FROM recovery_point WHERE id = $1`,
  job: `SELECT data_source AS source FROM job WHERE id = $1`,
  alert: `SELECT coalesce(s.id, p.data_source, j.data_source) AS source FROM alert a
            LEFT JOIN data_source s ON s.id = a.object
            LEFT JOIN recovery_point p ON p.id = a.object
            LEFT JOIN job j ON j.id = a.object WHERE a.id = $1`,
}

export async function requesterOf(q: Queryable, job: string): Promise<string | undefined> {
  const [row] = await q.query<{ by: string | null }>(
    `SELECT requested_by AS by FROM job WHERE id = $1`,
    [job],
  )
  return row?.by ?? undefined
}

/** The data source that it belongs to; undefined when it is not there, or is nobody's. */
export async function dataSourceOf(
  q: Queryable,
  kind: ScopedKind,
  id: string,
): Promise<string | undefined> {
  const [row] = await q.query<{ source: string | null }>(SOURCE_OF[kind], [id])
  return row?.source ?? undefined
}
