import type { UntypedServiceImplementation } from '@grpc/grpc-js'
import { HoldfastError, toHoldfastError } from '../../core/model/error.ts'
import { randomId, type Random } from '../../core/runtime/random.ts'
import type { EnrolReply } from '../../core/wire/generated/holdfast/v1/EnrolReply.ts'
import type { EnrolRequest__Output } from '../../core/wire/generated/holdfast/v1/EnrolRequest.ts'
import type { AuditEntry } from '../catalog/audit-hash.ts'
import { appendAudit, audit } from '../catalog/audit.ts'
import type { Database } from '../catalog/database.ts'
import { recordEvent } from '../catalog/events.ts'
import { enrolHost, requireHostName, setCertificate } from '../catalog/hosts.ts'
import { useJoinToken } from '../catalog/tokens.ts'
import type { Authority } from '../pki/authority.ts'
import { unary, type Door } from './calls.ts'

export interface EnrolmentOptions {
  readonly database: Database
  readonly authority: Authority
  readonly random: Random
  readonly serverId: string
  /** Of the agents' listener, as agents reach it. */
  readonly addresses: () => readonly string[]
}

/** What somebody without any credential may ask for: the token inside the request decides. */
export function enrolmentService(
  /** The caller is the address that asks; nobody is known yet. */
  door: Door<string>,
  options: EnrolmentOptions,
): Record<'Enrol', UntypedServiceImplementation[string]> {
  return {
    Enrol: unary(door, async (peer, request: EnrolRequest__Output) => {
      try {
        return await enrol(options, request, peer)
      } catch (error) {
        throw await told(options.database, request, peer, error)
      }
    }),
  }
}

/** Token, host and certificate are one: a failure in between leaves the token good. */
async function enrol(
  options: EnrolmentOptions,
  request: EnrolRequest__Output,
  peer: string,
): Promise<EnrolReply> {
  const { database, authority, random } = options
  const name = request.hostName
  requireHostName(name)
  return database.tx(async (q) => {
    const { bound } = await useJoinToken(q, request.token, name)
    const id = await enrolHost(q, { id: randomId(random, 'host'), name, again: bound })
    const issued = await authority.issueAgent(id, request.certificateRequest)
    await setCertificate(q, id, issued)
    await appendAudit(q, entryOf(name, peer))
    return {
      hostId: id,
      hostName: name,
      certificate: issued.pem,
      authority: authority.certificate,
      addresses: [...options.addresses()],
      serverId: options.serverId,
    }
  })
}

function entryOf(hostName: string, peer: string, code: string | null = null): AuditEntry {
  const outcome = code === null ? 'done' : 'refused'
  const what = { method: 'Enrol', object: `host ${hostName}`, notes: '{}' }
  return { ...what, actor: code === null ? `host ${hostName}` : '', peer, outcome, code }
}

/** A token that comes twice may have been stolen: somebody has to know. */
async function told(
  database: Database,
  { hostName }: EnrolRequest__Output,
  peer: string,
  error: unknown,
): Promise<HoldfastError> {
  const refusal = toHoldfastError(error)
  await audit(database, entryOf(hostName.slice(0, 255), peer, refusal.code))
  const { usedBy } = refusal.details
  if (typeof usedBy === 'string')
    await recordEvent(database, {
      kind: 'token-reused',
      about: usedBy,
      message: `a used join token was tried again, for a host ${JSON.stringify(hostName)}`,
    })
  if (refusal.code !== 'internal') return refusal
  // Whoever asks here is not known yet: the inside of the server is not for them.
  return new HoldfastError('internal', 'the server could not enrol this host', {
    hint: "the server's log says why",
    cause: error,
  })
}
