import { createHash } from 'node:crypto'
import { HoldfastError } from '../../core/model/error.ts'
import type { Role } from '../../core/model/role.ts'
import type { Random } from '../../core/runtime/random.ts'
import type { Queryable } from './database.ts'
import { isoTime } from './time.ts'

/** Sessions of the web console. Their secrets are random, and only digests of them are kept. */

export interface Session {
  readonly operator: string
  readonly name: string
  readonly role: Role
  readonly csrf: string
  readonly expiresAt: string
}

export interface NewSession {
  readonly secret: string
  readonly csrf: string
  readonly expiresAt: string
}

const LONGEST_HOURS = 12
/** Nobody did anything for so long: whoever sits there now has to sign in again. */
const IDLE_MINUTES = 60

export async function createSession(
  q: Queryable,
  random: Random,
  { operator, peer }: { readonly operator: string; readonly peer: string },
): Promise<NewSession> {
  const secret = random.bytes(32).toString('base64url')
  const csrf = random.bytes(16).toString('base64url')
  await q.query(`DELETE FROM session WHERE expires_at < now()`)
  const [row] = await q.query<{ expiresAt: Date }>(
    `INSERT INTO session (hash, operator, csrf, peer, expires_at)
     VALUES ($1, $2, $3, $4, now() + make_interval(hours => $5)) RETURNING expires_at AS "expiresAt"`,
    [digestOf(secret), operator, csrf, peer, LONGEST_HOURS],
  )
  return { secret, csrf, expiresAt: isoTime(row?.expiresAt ?? new Date(0)) }
}

/** Whose session this is, while it is good; using it keeps it so. */
export async function useSession(q: Queryable, secret: string): Promise<Session | undefined> {
  const [row] = await q.query<Omit<Session, 'expiresAt'> & { expiresAt: Date }>(
    `UPDATE session s SET last_used_at = now() FROM operator o
      WHERE s.hash = $1 AND o.id = s.operator AND o.removed_at IS NULL
        AND s.expires_at > now() AND s.last_used_at > now() - make_interval(mins => $2)
      RETURNING o.id AS operator, o.name, o.role, s.csrf, s.expires_at AS "expiresAt"`,
    [digestOf(secret), IDLE_MINUTES],
  )
  return row && { ...row, expiresAt: isoTime(row.expiresAt) }
}

export async function endSession(q: Queryable, secret: string): Promise<void> {
  await q.query(`DELETE FROM session WHERE hash = $1`, [digestOf(secret)])
}

const LINK_MINUTES = 15

/** Gives the secret of a link that signs this operator in, once, within a quarter of an hour. */
export async function createSignInLink(
  q: Queryable,
  random: Random,
  operatorName: string,
): Promise<{ readonly secret: string; readonly expiresAt: string }> {
  const secret = random.bytes(24).toString('base64url')
  await q.query(`DELETE FROM sign_in_link WHERE expires_at < now()`)
  const [row] = await q.query<{ expiresAt: Date }>(
    `INSERT INTO sign_in_link (hash, operator, expires_at)
     SELECT $1, id, now() + make_interval(mins => $3) FROM operator
      WHERE name = $2 AND removed_at IS NULL RETURNING expires_at AS "expiresAt"`,
    [digestOf(secret), operatorName, LINK_MINUTES],
  )
  if (!row) throw new HoldfastError('not-found', `there is no operator ${operatorName}`)
  return { secret, expiresAt: isoTime(row.expiresAt) }
}

/** Of many that use one link at once, one gets the operator. */
export async function useSignInLink(
  q: Queryable,
  secret: string,
): Promise<{ readonly id: string; readonly name: string; readonly role: Role } | undefined> {
  const [row] = await q.query<{ id: string; name: string; role: Role }>(
    `UPDATE sign_in_link l SET used_at = now() FROM operator o
      WHERE l.hash = $1 AND l.used_at IS NULL AND l.expires_at > now()
        AND o.id = l.operator AND o.removed_at IS NULL
      RETURNING o.id, o.name, o.role`,
    [digestOf(secret)],
  )
  return row
}

function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
