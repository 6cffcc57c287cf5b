import { Channel } from '../../core/wire/channel.ts'
import { parseJoinToken } from '../../core/wire/join-token.ts'
import { enrolmentService } from '../../core/wire/agent-service.ts'
import { createCertificateRequest } from './certificate-request.ts'
import type { Identity } from './identity.ts'
import { writeIdentity, writeKey } from './identity-store.ts'
import { fetchPinnedAuthority } from './pinned-authority.ts'

export interface EnrolOptions {
  /** The agent's data folder. */
  readonly folder: string
  /** As `holdfast token create` printed it. */
  readonly token: string
  readonly hostName: string
}

const DEADLINE_MS = 30_000

/**
 * Makes this machine a host of the server that made the token, and keeps the identity in `folder`.
 * The secret is sent only to a server that proved to be of the authority that the token names.
 * Throws token-unknown, token-used, token-expired, wrong-authority, host-name-taken,
 * server-unreachable.
 */
export async function enrol({ folder, token, hostName }: EnrolOptions): Promise<Identity> {
  const { addresses, pin, secret } = parseJoinToken(token)
  const pinned = await fetchPinnedAuthority(addresses, pin)
  const { key, request } = await createCertificateRequest()
  await writeKey(folder, key) // a folder that takes nothing must not cost the token
  const channel = new Channel(pinned)
  try {
    const reply = await channel.unary(
      enrolmentService.Enrol,
      { token: secret, hostName, certificateRequest: request },
      { deadlineMs: DEADLINE_MS },
    )
    const { hostId, serverId, certificate } = reply
    const identity: Identity = {
      hostId,
      hostName: reply.hostName,
      serverId,
      addresses: reply.addresses,
      authority: pinned.authority, // not the reply's: the pinned one is the one that is trusted
      certificate,
      key,
    }
    await writeIdentity(folder, identity)
    return identity
  } finally {
    channel.close()
  }
}
