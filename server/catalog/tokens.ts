import { createHash } from 'node:crypto'
import { HoldfastError } from '../../core/model/error.ts'
import type { Database, Queryable } from './database.ts'
import { recordEvent } from './events.ts'
import { isoTime } from './time.ts'

/** Join tokens. Only the digest of a secret is kept: a copy of the catalog enrols nobody. */

export const LONGEST_TTL_SECONDS = 15 * 60

export interface NewJoinToken {
  readonly secret: string
  readonly ttlSeconds: number
  /** Only a host of this name may use it. */
  readonly hostName?: string | undefined
  readonly actor: string
}

/** Gives the time at which it ends to be good. */
export async function createJoinToken(database: Database, token: NewJoinToken): Promise<string> {
  const { ttlSeconds, hostName } = token
  if (!(ttlSeconds > 0 && ttlSeconds <= LONGEST_TTL_SECONDS))
    throw new HoldfastError('invalid-argument', `a join token cannot live ${ttlSeconds} s`, {
      hint: `from one second to ${LONGEST_TTL_SECONDS / 60} minutes`,
    })
  return database.tx(async (q) => {
    const [row] = await q.query<{ expiresAt: Date }>(
      `INSERT INTO join_token (hash, host_name, expires_at)
       VALUES ($1, $2, now() + make_interval(secs => $3)) RETURNING expires_at AS "expiresAt"`,
      [hashSecret(token.secret), hostName ?? null, ttlSeconds],
    )
    await recordEvent(q, {
      kind: 'token-created',
      about: hostName ?? 'server',
      message: `a join token was made${hostName === undefined ? '' : ` for host ${hostName}`}`,
      actor: token.actor,
    })
    return isoTime(row?.expiresAt ?? new Date(0))
  })
}

/**
 * Of many that use one secret at once, one gets past. Says whether the token was made for a host of
 * this very name.
 */
export async function useJoinToken(
  q: Queryable,
  secret: string,
  hostName: string,
): Promise<{ readonly bound: boolean }> {
  const [used] = await q.query<{ bound: boolean }>(
    `UPDATE join_token SET used_at = now(), used_by = $2
      WHERE hash = $1 AND used_at IS NULL AND expires_at > now()
        AND (host_name IS NULL OR host_name = $2) RETURNING host_name IS NOT NULL AS bound`,
    [hashSecret(secret), hostName],
  )
  if (!used) throw await refusal(q, secret, hostName)
  return used
}

interface TokenRow {
  readonly hostName: string | null
  readonly usedBy: string | null
  readonly expired: boolean
}

async function refusal(q: Queryable, secret: string, hostName: string): Promise<HoldfastError> {
  const [row] = await q.query<TokenRow>(
    `SELECT host_name AS "hostName", used_by AS "usedBy", expires_at <= now() AS expired
       FROM join_token WHERE hash = $1`,
    [hashSecret(secret)],
  )
  const hint = 'make a new one with `holdfast token create`'
  if (!row)
    return new HoldfastError('token-unknown', 'the server does not know this token', { hint })
  if (row.usedBy !== null)
    return new HoldfastError('token-used', `this join token was used already, by ${row.usedBy}`, {
      hint: `${hint}; if nobody of yours did, revoke that host`,
      details: { usedBy: row.usedBy },
    })
  if (row.expired) return new HoldfastError('token-expired', 'this join token is too old', { hint })
  return new HoldfastError('token-unknown', `this join token is not for a host ${hostName}`, {
    hint: 'start the agent with the --name that the token was made for',
    details: { boundTo: row.hostName },
  })
}

function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
