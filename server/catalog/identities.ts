import { createHash } from 'node:crypto'
import type { Role } from '../../core/model/role.ts'
import type { Queryable } from './database.ts'

/** Whom an OpenID provider vouches for, and sign-ins that are on their way through it. */

export interface Identity {
  readonly issuer: string
  readonly subject: string
}

export interface IdentifiedOperator {
  readonly id: string
  readonly name: string
  readonly role: Role
  readonly isRemoved: boolean
}

/** Locked until the transaction ends. */
export async function findIdentified(
  q: Queryable,
  { issuer, subject }: Identity,
): Promise<IdentifiedOperator | undefined> {
  const [row] = await q.query<IdentifiedOperator>(
    `SELECT o.id, o.name, o.role, o.removed_at IS NOT NULL AS "isRemoved"
       FROM operator_identity i JOIN operator o ON o.id = i.operator
      WHERE i.issuer = $1 AND i.subject = $2 FOR UPDATE OF o`,
    [issuer, subject],
  )
  return row
}

export async function bindIdentity(
  q: Queryable,
  { issuer, subject }: Identity,
  operator: string,
): Promise<void> {
  await q.query(`INSERT INTO operator_identity (issuer, subject, operator) VALUES ($1, $2, $3)`, [
    ...[issuer, subject, operator],
  ])
}

/** Also one that was removed has its name still. */
export async function isNameKnown(q: Queryable, name: string): Promise<boolean> {
  return (await q.query(`SELECT 1 FROM operator WHERE name = $1`, [name])).length > 0
}

export async function setRole(q: Queryable, operator: string, role: Role): Promise<void> {
  await q.query(`UPDATE operator SET role = $2 WHERE id = $1`, [operator, role])
}

const ATTEMPT_MINUTES = 10

export async function beginAttempt(q: Queryable, secret: string): Promise<void> {
  await q.query(`DELETE FROM openid_attempt WHERE expires_at < now()`)
  await q.query(
    `INSERT INTO openid_attempt (hash, expires_at) VALUES ($1, now() + make_interval(mins => $2))`,
    [digestOf(secret), ATTEMPT_MINUTES],
  )
}

/** Of many that come back with one secret, one gets true. */
export async function endAttempt(q: Queryable, secret: string): Promise<boolean> {
  const rows = await q.query<{ good: boolean }>(
    `DELETE FROM openid_attempt WHERE hash = $1 RETURNING expires_at > now() AS good`,
    [digestOf(secret)],
  )
  return rows[0]?.good === true
}

function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
