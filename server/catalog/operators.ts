import { createHash } from 'node:crypto'
import { HoldfastError } from '../../core/model/error.ts'
import type { Role } from '../../core/model/role.ts'
import { randomId, type Random } from '../../core/runtime/random.ts'
import type { Queryable } from './database.ts'
import type { Scope } from './scopes.ts'
import { isoTime } from './time.ts'

/** People and programs that may use the Operator service. Only digests of their tokens are kept. */

export interface OperatorRow {
  readonly id: string
  readonly name: string
  readonly role: Role
}

/** Makes one, or brings a removed one back in the new role; the tokens of before stay refused. */
export async function createOperator(
  q: Queryable,
  random: Random,
  { name, role, scopes = [] }: { name: string; role: Role; scopes?: readonly Scope[] },
): Promise<string> {
  const [row] = await q.query<{ id: string }>(
    `INSERT INTO operator (id, name, role) VALUES ($1, $2, $3)
     ON CONFLICT (name) DO UPDATE SET role = $3, removed_at = NULL, password = NULL
       WHERE operator.removed_at IS NOT NULL RETURNING id`,
    [randomId(random, 'operator'), name, role],
  )
  if (!row)
    throw new HoldfastError('already-exists', `there is an operator ${name} already`, {
      hint: 'Choose another name, or remove that one first.',
    })
  await replaceScopes(q, row.id, scopes)
  return row.id
}

export async function replaceScopes(
  q: Queryable,
  operator: string,
  scopes: readonly Scope[],
): Promise<void> {
  await q.query(`DELETE FROM operator_scope WHERE operator = $1`, [operator])
  for (const { kind, value } of scopes)
    await q.query(
      `INSERT INTO operator_scope (operator, kind, value) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
      [operator, kind, value],
    )
}

export interface NewToken {
  /** It cannot be had again. */
  readonly token: string
  readonly expiresAt: string | null
}

/** One more token; those that the operator has stay good. */
export async function addOperatorToken(
  q: Queryable,
  random: Random,
  operator: string,
  ttlSeconds?: number,
): Promise<NewToken> {
  const token = random.bytes(32).toString('base64url')
  const [row] = await q.query<{ expiresAt: Date | null }>(
    `INSERT INTO operator_token (id, operator, hash, expires_at)
     VALUES ($1, $2, $3, now() + make_interval(secs => $4)) RETURNING expires_at AS "expiresAt"`,
    [randomId(random, 'token'), operator, hashToken(token), ttlSeconds ?? null],
  )
  return { token, expiresAt: isoTime(row?.expiresAt ?? null) }
}

export async function revokeOperatorTokens(q: Queryable, operator: string): Promise<void> {
  await q.query(
    `UPDATE operator_token SET revoked_at = now() WHERE operator = $1 AND revoked_at IS NULL`,
    [operator],
  )
}

export async function removeOperatorRow(q: Queryable, id: string): Promise<void> {
  await q.query(`UPDATE operator SET removed_at = now(), password = NULL WHERE id = $1`, [id])
}

/** `stored`: as server/access/password.ts makes it. */
export async function setPassword(q: Queryable, id: string, stored: string | null): Promise<void> {
  await q.query(`UPDATE operator SET password = $2 WHERE id = $1`, [id, stored])
}

/** For signing in: the operator of this name, and what is stored of the password. */
export async function findPassword(
  q: Queryable,
  name: string,
): Promise<(OperatorRow & { readonly password: string | null }) | undefined> {
  const [row] = await q.query<OperatorRow & { password: string | null }>(
    `SELECT id, name, role, password FROM operator WHERE name = $1 AND removed_at IS NULL`,
    [name],
  )
  return row
}

/** An operator, and the token that was shown. */
export interface TokenHolder extends OperatorRow {
  readonly tokenId: string
}

const GOOD = `t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now())
  AND o.removed_at IS NULL`

/** Whose token this is, when it is anybody's and still good. */
export async function findOperatorByToken(
  q: Queryable,
  token: string,
): Promise<TokenHolder | undefined> {
  const [row] = await q.query<TokenHolder>(
    `SELECT o.id, o.name, o.role, t.id AS "tokenId"
       FROM operator_token t JOIN operator o ON o.id = t.operator WHERE t.hash = $1 AND ${GOOD}`,
    [hashToken(token)],
  )
  return row
}

/** Of these tokens, those that are no longer good. */
export async function endedTokensAmong(q: Queryable, ids: readonly string[]): Promise<string[]> {
  const rows = await q.query<{ id: string }>(
    `SELECT t.id FROM operator_token t JOIN operator o ON o.id = t.operator
      WHERE t.id = ANY ($1::text[]) AND NOT (${GOOD})`,
    [ids],
  )
  return rows.map(({ id }) => id)
}

export async function findOperator(q: Queryable, name: string): Promise<OperatorRow | undefined> {
  const [row] = await q.query<OperatorRow>(
    `SELECT id, name, role FROM operator WHERE name = $1 AND removed_at IS NULL`,
    [name],
  )
  return row
}

export async function scopesOf(q: Queryable, operator: string): Promise<Scope[]> {
  return q.query(
    `SELECT kind, value FROM operator_scope WHERE operator = $1 ORDER BY kind, value`,
    [operator],
  )
}

function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
