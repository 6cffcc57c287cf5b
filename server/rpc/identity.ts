import type { PeerCertificate } from 'node:tls'
import { HoldfastError } from '../../core/model/error.ts'
import type { Database } from '../catalog/database.ts'
import {
  findHostIdentity,
  revokedAmong,
  setCertificate,
  type HostIdentity,
} from '../catalog/hosts.ts'
import { endedTokensAmong, findOperatorByToken } from '../catalog/operators.ts'
import type { RefusedCredentials } from '../access/audit.ts'
import { sightOf } from '../access/sight.ts'
import { hostOfNames } from '../pki/authority.ts'
import type { AgentCaller } from './agent-handlers.ts'
import type { Admitted, AnyCall } from './calls.ts'
import type { OpenCalls } from './open-calls.ts'
import type { Caller } from './operator-handlers.ts'

/** An agent that was admitted: what handlers see of it, and with which certificate it came. */
export interface AdmittedAgent extends AgentCaller {
  readonly serial: string
}

/**
 * Who an agent is, from its certificate alone. That our authority signed it was checked in the
 * handshake; here: is it a host's, and is this host still one of ours?
 */
export async function admitAgent(
  database: Database,
  call: AnyCall,
  signal: AbortSignal,
): Promise<Admitted<AdmittedAgent>> {
  const certificate = call.getAuthContext().sslPeerCertificate
  const hostId = hostOfNames(certificate?.subjectaltname)
  if (!certificate || hostId === undefined) throw refused('the certificate names no host')
  const host = await findHostIdentity(database, hostId)
  if (!host) throw refused(`the server knows no host ${hostId}`)
  if (host.revoked) throw revoked(host.name)
  const serial = certificate.serialNumber.toLowerCase()
  await requireCurrent(database, host, serial, certificate)
  return { owner: hostId, caller: { hostId, hostName: host.name, serial, signal } }
}

async function requireCurrent(
  database: Database,
  host: HostIdentity,
  serial: string,
  certificate: PeerCertificate,
): Promise<void> {
  const expiresAt = new Date(certificate.valid_to)
  // The handshake looked once; a connection may be older than the certificate's end.
  if (expiresAt < new Date()) throw refused(`the certificate of host ${host.name} has expired`)
  const isNewest = serial === host.certificateSerial
  if (!isNewest && serial === host.previousSerial) return
  // A catalog that was restored from a copy has not seen the last renewals: later ones are ours too.
  const isLater = expiresAt.getTime() > (host.certificateExpiresAt?.getTime() ?? 0)
  if (!isNewest && !isLater) throw refused(`the certificate of host ${host.name} was replaced`)
  if (!isNewest || host.previousSerial !== null)
    await setCertificate(database, host.id, { serial, expiresAt })
}

function refused(message: string): HoldfastError {
  return new HoldfastError('certificate-refused', message, {
    hint: 'enrol the host again: `holdfast token create --host NAME` on the server',
  })
}

function revoked(name: string): HoldfastError {
  return new HoldfastError('host-revoked', `host ${name} was revoked`, {
    hint: 'enrol the host again: `holdfast token create --host NAME` on the server',
  })
}

/** Who an operator is, from the bearer token alone. */
export async function admitOperator(
  database: Database,
  call: AnyCall,
  unknown: RefusedCredentials,
): Promise<Admitted<Caller>> {
  try {
    return await operatorOf(database, call)
  } catch (error) {
    if (error instanceof HoldfastError && error.code === 'credential-refused')
      await unknown.note(call.getPeer(), error.code)
    throw error
  }
}

async function operatorOf(database: Database, call: AnyCall): Promise<Admitted<Caller>> {
  const [header] = call.metadata.get('authorization')
  const token = /^Bearer (\S+)$/.exec(String(header ?? ''))?.[1]
  if (token === undefined)
    throw new HoldfastError('credential-missing', 'this needs an operator’s token', {
      hint: 'name the credential with --operator FILE or HOLDFAST_OPERATOR',
    })
  const operator = await findOperatorByToken(database, token)
  if (!operator) throw tokenRefused()
  const { name, role, tokenId } = operator
  return {
    owner: tokenId,
    caller: { name, role, from: call.getPeer(), sees: await sightOf(database, operator) },
  }
}

/** Cuts the open calls of hosts and tokens that were revoked, on whichever server that was done. */
export async function cutRevoked(database: Database, calls: OpenCalls): Promise<void> {
  const { owners } = calls
  if (owners.length === 0) return
  for (const hostId of await revokedAmong(database, owners)) calls.cut(hostId, revoked(hostId))
  for (const token of await endedTokensAmong(database, owners)) calls.cut(token, tokenRefused())
}

function tokenRefused(): HoldfastError {
  return new HoldfastError('credential-refused', 'the server does not accept this token', {
    hint: 'an admin makes a new one with `holdfast operator token NAME`',
  })
}
