import type { UntypedServiceImplementation } from '@grpc/grpc-js'
import { HoldfastError } from '../../core/model/error.ts'
import type { PushFrameIn } from '../../core/wire/frame.ts'
import type { FeedRequest__Output } from '../../core/wire/generated/holdfast/v1/FeedRequest.ts'
import type { HelloReply } from '../../core/wire/generated/holdfast/v1/HelloReply.ts'
import type { HelloRequest__Output } from '../../core/wire/generated/holdfast/v1/HelloRequest.ts'
import type { RenewReply } from '../../core/wire/generated/holdfast/v1/RenewReply.ts'
import type { RenewRequest__Output } from '../../core/wire/generated/holdfast/v1/RenewRequest.ts'
import type { AgentService } from '../../core/wire/agent-service.ts'
import { STALL_LIMIT_MS } from '../../core/wire/progress.ts'
import { OLDEST_PROTOCOL, PROTOCOL } from '../../core/wire/protocol.ts'
import type { Database } from '../catalog/database.ts'
import { findHostIdentity, recordGreeting, recordRenewal } from '../catalog/hosts.ts'
import type { Authority } from '../pki/authority.ts'
import type { AgentHandlers } from './agent-handlers.ts'
import { clientStream, serverStream, unary, type Door } from './calls.ts'
import type { Feeds } from './feeds.ts'
import type { AdmittedAgent } from './identity.ts'
import { wholePush } from './push-frames.ts'

export interface AgentServiceOptions {
  readonly database: Database
  readonly authority: Authority
  readonly feeds: Feeds
  readonly handlers: AgentHandlers
  readonly version: string
  readonly serverId: string
  /** Of the agents' listener, as agents reach it. */
  readonly addresses: () => readonly string[]
}

type Implementation = Record<keyof AgentService, UntypedServiceImplementation[string]>

/** A feed that cannot be written for this long belongs to an agent that is gone. */
const FEED_STALL_MS = 30_000

/** The Agent service: who calls is settled by `door`, what is done by `handlers`. */
export function agentService(
  door: Door<AdmittedAgent>,
  options: AgentServiceOptions,
): Implementation {
  const { handlers, feeds } = options
  const stall = { stallMs: STALL_LIMIT_MS }
  return {
    Hello: unary(door, (host, request: HelloRequest__Output) => hello(options, host, request)),
    Renew: unary(door, (host, request: RenewRequest__Output) => renew(options, host, request)),
    Feed: serverStream(
      door,
      (host, { session }: FeedRequest__Output) => feeds.open(host, requireSession(session)),
      { stallMs: FEED_STALL_MS },
    ),
    Inventory: unary(door, async (host, request: Parameters<AgentHandlers['inventory']>[1]) => {
      await handlers.inventory(host, request)
      return {}
    }),
    Plan: unary(door, handlers.plan.bind(handlers)),
    Map: serverStream(door, handlers.map.bind(handlers), stall),
    Push: clientStream(
      door,
      (host, frames: AsyncIterable<PushFrameIn>) => handlers.push(host, wholePush(frames)),
      stall,
    ),
    Pull: serverStream(door, handlers.pull.bind(handlers), stall),
    PullFiles: serverStream(door, handlers.pullFiles.bind(handlers), stall),
    Report: unary(door, handlers.report.bind(handlers)),
  }
}

async function hello(
  { database, feeds, version, serverId, addresses }: AgentServiceOptions,
  host: AdmittedAgent,
  request: HelloRequest__Output,
): Promise<HelloReply> {
  const incompatible = incompatibility(request)
  await recordGreeting(database, host.hostId, { ...request, incompatibleReason: incompatible })
  if (incompatible !== null)
    throw new HoldfastError('version-incompatible', incompatible, {
      hint: `bring the agent to version ${version}, the server's own`,
    })
  await feeds.requireFree(host, requireSession(request.session))
  const identity = await findHostIdentity(database, host.hostId)
  return {
    protocol: PROTOCOL,
    version,
    features: [],
    serverId,
    hostName: host.hostName,
    certificateExpiresAt: identity?.certificateExpiresAt?.toISOString() ?? '',
    addresses: [...addresses()],
  }
}

function incompatibility({ protocol, version }: HelloRequest__Output): string | null {
  if (protocol >= OLDEST_PROTOCOL && protocol <= PROTOCOL + 1) return null
  return `agent ${version} speaks protocol ${protocol}, this server ${OLDEST_PROTOCOL} to ${PROTOCOL}`
}

async function renew(
  { database, authority }: AgentServiceOptions,
  host: AdmittedAgent,
  request: RenewRequest__Output,
): Promise<RenewReply> {
  const issued = await authority.issueAgent(host.hostId, request.certificateRequest)
  await database.tx((q) => recordRenewal(q, host.hostId, host.serial, issued))
  return { certificate: issued.pem, authority: authority.certificate }
}

function requireSession(session: string): string {
  if (session.length >= 8 && session.length <= 64) return session
  throw new HoldfastError('protocol-violation', 'the agent names no session')
}
