import type { Role } from '../../core/model/role.ts'
import { HoldfastError } from '../../core/model/error.ts'
import type { Queryable } from './database.ts'
import { isoTime } from './time.ts'

/** An operator as people and scripts see it. */
export interface OperatorView {
  readonly id: string
  readonly name: string
  readonly role: Role
  /** KIND:VALUE, with names instead of ids. */
  readonly scopes: readonly string[]
  readonly createdAt: string
  /** That are good now. */
  readonly tokens: number
  readonly nextExpiryAt: string | null
  readonly hasPassword: boolean
}

interface OperatorViewRow extends Omit<OperatorView, 'createdAt' | 'nextExpiryAt'> {
  readonly createdAt: Date
  readonly nextExpiryAt: Date | null
}

/** By name; removed ones are not there. */
export async function listOperators(q: Queryable, name?: string): Promise<OperatorView[]> {
  const rows = await q.query<OperatorViewRow>(
    `SELECT o.id, o.name, o.role, o.created_at AS "createdAt",
            o.password IS NOT NULL AS "hasPassword", t.count AS tokens, t.next AS "nextExpiryAt",
            ARRAY(SELECT c.kind || ':' || coalesce(
                    CASE c.kind WHEN 'host' THEN (SELECT h.name FROM host h WHERE h.id = c.value)
                                WHEN 'group' THEN (SELECT g.name FROM protection_group g WHERE g.id = c.value)
                                WHEN 'source' THEN (SELECT h.name || '/' || s.name FROM data_source s
                                   JOIN host h ON h.id = s.host WHERE s.id = c.value) END, c.value)
                   FROM operator_scope c WHERE c.operator = o.id ORDER BY 1) AS scopes
       FROM operator o,
            LATERAL (SELECT count(*)::int AS count, min(expires_at) AS next FROM operator_token t
                      WHERE t.operator = o.id AND t.revoked_at IS NULL
                        AND (t.expires_at IS NULL OR t.expires_at > now())) AS t
      WHERE o.removed_at IS NULL AND ($1::text IS NULL OR o.name = $1) ORDER BY o.name`,
    [name ?? null],
  )
  return rows.map((row) => ({
    ...row,
    createdAt: isoTime(row.createdAt),
    nextExpiryAt: isoTime(row.nextExpiryAt),
  }))
}

export async function getOperator(q: Queryable, name: string): Promise<OperatorView> {
  const [operator] = await listOperators(q, name)
  if (operator) return operator
  throw new HoldfastError('not-found', `there is no operator ${name}`, {
    hint: '`holdfast operator list` shows all.',
  })
}
