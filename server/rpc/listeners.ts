import { hostname } from 'node:os'
import { Server, ServerCredentials, type UntypedServiceImplementation } from '@grpc/grpc-js'
import { formatAddress, type Address } from '../../core/model/address.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { agentService, enrolmentService } from '../../core/wire/agent-service.ts'
import { operatorService } from '../../core/wire/operator-service.ts'
import { KEEPALIVE, serverOptions, type Keepalive } from '../../core/wire/options.ts'
import { widenServerWindow } from '../../core/wire/window.ts'
import type { Authority, ServerIdentity } from '../pki/authority.ts'

export interface ListenersOptions {
  readonly authority: Authority
  /** For operators and enrolment. Port 0: any free one. */
  readonly operators: Address
  readonly agents: Address
  /** Further names or numbers of this machine, for the certificate and for clients. */
  readonly advertise: readonly string[]
  readonly keepalive?: Keepalive
}

export interface Implementations {
  readonly agent: UntypedServiceImplementation
  readonly enrolment: UntypedServiceImplementation
  readonly operator: UntypedServiceImplementation
}

/** Where clients reach the two listeners, as `HOST:PORT`, best first. */
export interface Reach {
  readonly operators: readonly string[]
  readonly agents: readonly string[]
}

export interface Listeners {
  /** With the real ports. */
  readonly operators: Address
  readonly agents: Address
  readonly reach: Reach
  /** Cut the open calls first: a feed never ends by itself. */
  close(): Promise<void>
}

/** Streams at once on one connection; more wait at the client. */
const AGENT_STREAMS = 32
const OPERATOR_STREAMS = 64
const CLOSE_LIMIT_MS = 3_000

/**
 * Opens both. One demands a client certificate of our authority in the handshake and has the Agent
 * service; the other never looks at client certificates and has the two that take tokens.
 * `services` is called before anything listens; the reach it is given is known once both do.
 */
export async function openListeners(
  options: ListenersOptions,
  services: (reach: () => Reach) => Implementations,
): Promise<Listeners> {
  widenServerWindow()
  const { authority, advertise, keepalive = KEEPALIVE } = options
  const identity = await authority.issueServer(advertise)
  let reach: Reach = { operators: [], agents: [] }
  const { agent, enrolment, operator } = services(() => reach)

  const operatorsServer = new Server(serverOptions(OPERATOR_STREAMS, keepalive))
  operatorsServer.addService(operatorService, operator)
  operatorsServer.addService(enrolmentService, enrolment)
  const agentsServer = new Server(serverOptions(AGENT_STREAMS, keepalive))
  agentsServer.addService(agentService, agent)

  const operators = await bind(operatorsServer, options.operators, open(identity))
  const agents = await bind(agentsServer, options.agents, closed(authority, identity)).catch(
    (error: unknown) => {
      operatorsServer.forceShutdown()
      throw error
    },
  )
  reach = { operators: reachOf(operators, advertise), agents: reachOf(agents, advertise) }
  return {
    operators,
    agents,
    reach,
    close: async () => {
      await Promise.all([shutDown(operatorsServer), shutDown(agentsServer)])
    },
  }
}

function open(identity: ServerIdentity): ServerCredentials {
  return ServerCredentials.createSsl(null, [pairOf(identity)], false)
}

function closed(authority: Authority, identity: ServerIdentity): ServerCredentials {
  return ServerCredentials.createSsl(Buffer.from(authority.certificate), [pairOf(identity)], true)
}

function pairOf({ key, chain }: ServerIdentity) {
  return { private_key: Buffer.from(key), cert_chain: Buffer.from(chain) }
}

function bind(server: Server, address: Address, credentials: ServerCredentials): Promise<Address> {
  const text = formatAddress(address)
  return new Promise((resolve, reject) => {
    server.bindAsync(text, credentials, (error, port) => {
      if (!error) resolve({ host: address.host, port })
      else reject(bindError(text, error))
    })
  })
}

function bindError(address: string, cause: Error): HoldfastError {
  if (cause.message.includes('EADDRINUSE'))
    return new HoldfastError('port-taken', `another program listens on ${address} already`, {
      hint: 'is a server running here? Else choose another port with --listen and --agents',
      cause,
    })
  return new HoldfastError('invalid-argument', `cannot listen on ${address}: ${cause.message}`, {
    hint: 'name an address of this machine, and a port above 1023',
    cause,
  })
}

function reachOf({ host, port }: Address, advertise: readonly string[]): string[] {
  const everywhere = host === '0.0.0.0' || host === '::'
  const own = everywhere ? [hostname(), '127.0.0.1'] : [host]
  return [...new Set([...advertise, ...own])].map((name) => formatAddress({ host: name, port }))
}

function shutDown(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.forceShutdown(), CLOSE_LIMIT_MS)
    server.tryShutdown(() => {
      clearTimeout(force)
      resolve()
    })
  })
}
