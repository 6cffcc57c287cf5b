import { formatJoinToken } from '../../core/wire/join-token.ts'
import type { Random } from '../../core/runtime/random.ts'
import type { Database } from '../catalog/database.ts'
import { createJoinToken } from '../catalog/tokens.ts'
import { requireHostName } from '../catalog/hosts.ts'
import type { Authority } from '../pki/authority.ts'

export interface TokenRequest {
  readonly ttlSeconds: number
  /** Only a host of this name may use it, and takes up this host's history when it has one. */
  readonly hostName?: string | undefined
  readonly actor: string
}

export interface IssuedToken {
  readonly token: string
  readonly expiresAt: string
}

const SECRET_BYTES = 24 // 192 bit

/** Makes a join token: the only time that its secret can be had. */
export async function issueJoinToken(
  database: Database,
  authority: Authority,
  random: Random,
  addresses: readonly string[],
  request: TokenRequest,
): Promise<IssuedToken> {
  if (request.hostName !== undefined) requireHostName(request.hostName)
  const secret = random.bytes(SECRET_BYTES).toString('base64url')
  const expiresAt = await createJoinToken(database, { ...request, secret })
  return { token: formatJoinToken({ addresses, pin: authority.pin, secret }), expiresAt }
}
