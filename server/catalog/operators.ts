import { createHash } from 'node:crypto'
import type { Random } from '../../core/runtime/random.ts'
import { randomId } from '../../core/runtime/random.ts'
import type { Queryable } from './database.ts'

/** People and programs that may use the Operator service. Only digests of their tokens are kept. */

export interface OperatorRow {
  readonly id: string
  readonly name: string
  readonly role: string
}

/** Makes one and gives its token, which cannot be had again. */
export async function createOperator(
  q: Queryable,
  random: Random,
  { name, role }: { readonly name: string; readonly role: string },
): Promise<string> {
  const token = random.bytes(32).toString('base64url')
  await q.query(`INSERT INTO operator (id, name, role, token_hash) VALUES ($1, $2, $3, $4)`, [
    randomId(random, 'operator'),
    name,
    role,
    hashToken(token),
  ])
  return token
}

/** A new token for one that is there; the old one is refused from now on. */
export async function replaceOperatorToken(
  q: Queryable,
  random: Random,
  name: string,
): Promise<string | undefined> {
  const token = random.bytes(32).toString('base64url')
  const rows = await q.query(
    `UPDATE operator SET token_hash = $2 WHERE name = $1 AND removed_at IS NULL RETURNING 1 AS one`,
    [name, hashToken(token)],
  )
  return rows.length === 0 ? undefined : token
}

/** Whose token this is, when it is anybody's and still good. */
export async function findOperatorByToken(
  q: Queryable,
  token: string,
): Promise<OperatorRow | undefined> {
  const [row] = await q.query<OperatorRow>(
    `SELECT id, name, role FROM operator
      WHERE token_hash = $1 AND removed_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
    [hashToken(token)],
  )
  return row
}

export async function findOperator(q: Queryable, name: string): Promise<OperatorRow | undefined> {
  const [row] = await q.query<OperatorRow>(
    `SELECT id, name, role FROM operator WHERE name = $1 AND removed_at IS NULL`,
    [name],
  )
  return row
}

function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
