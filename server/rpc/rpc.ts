import type { Address } from '../../core/model/address.ts'
import { HoldfastError } from '../../core/model/error.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import type { Logger } from '../../core/runtime/log.ts'
import type { Random } from '../../core/runtime/random.ts'
import type { Keepalive } from '../../core/wire/options.ts'
import { RefusedCredentials } from '../access/audit.ts'
import type { Database } from '../catalog/database.ts'
import type { Authority } from '../pki/authority.ts'
import type { AgentHandlers } from './agent-handlers.ts'
import { agentService } from './agent-service.ts'
import { enrolmentService } from './enrolment-service.ts'
import type { Feeds } from './feeds.ts'
import { guarded } from './guarded.ts'
import { admitAgent, admitOperator, cutRevoked } from './identity.ts'
import { openListeners, type Reach } from './listeners.ts'
import { OpenCalls } from './open-calls.ts'
import type { OperatorHandlers } from './operator-handlers.ts'
import { operatorService } from './operator-service.ts'

export interface RpcOptions {
  readonly database: Database
  readonly authority: Authority
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly serverId: string
  readonly version: string
  readonly operators: Address
  readonly agents: Address
  readonly advertise: readonly string[]
  readonly feeds: Feeds
  readonly agentHandlers: AgentHandlers
  /** `reach` is known once the server listens: join tokens carry it. */
  readonly operatorHandlers: (reach: () => Reach) => OperatorHandlers
  readonly keepalive?: Keepalive
}

export interface Rpc {
  readonly operators: Address
  readonly agents: Address
  readonly reach: Reach
  /** Cuts what is under way, resumable, and stops to listen. */
  close(): Promise<void>
}

/** A revocation cuts open streams after this long at most, on every server of the catalog. */
export const REVOCATION_MS = 2_000

/** All that can be reached from the network: services, their doors, and the two listeners. */
export async function openRpc(options: RpcOptions): Promise<Rpc> {
  const { database, log, clock } = options
  const calls = new OpenCalls()
  const common = { calls, log, clock }
  const unknown = new RefusedCredentials(database, () => clock.monotonic())
  const listeners = await openListeners(options, (reach) => ({
    agent: agentService(
      { ...common, admit: (call, signal) => admitAgent(database, call, signal) },
      { ...options, handlers: options.agentHandlers, addresses: () => reach().agents },
    ),
    enrolment: enrolmentService(
      {
        ...common,
        admit: (call) => Promise.resolve({ owner: 'enrolment', caller: call.getPeer() }),
      },
      { ...options, addresses: () => reach().agents },
    ),
    operator: operatorService(
      { ...common, admit: (call) => admitOperator(database, call, unknown) },
      guarded(database, options.operatorHandlers(reach)),
    ),
  }))
  const stopped = new AbortController()
  const watching = watchRevocations(options, calls, stopped.signal)
  const close = async () => {
    stopped.abort()
    calls.cutAll(new HoldfastError('job-interrupted', 'the server is stopping'))
    await Promise.all([listeners.close(), watching])
  }
  let closing: Promise<void> | undefined
  return { ...listeners, close: () => (closing ??= close()) }
}

async function watchRevocations(
  { database, clock, log }: RpcOptions,
  calls: OpenCalls,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(REVOCATION_MS, signal).catch(() => {}) // ends early when stopped
    await cutRevoked(database, calls).catch((error: unknown) =>
      log.warn('cannot look for revoked hosts', { error }),
    )
  }
}
