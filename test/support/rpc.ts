import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { GrpcLink } from '../../agent/link/grpc-link.ts'
import { enrol } from '../../agent/identity/enrol.ts'
import type { Identity } from '../../agent/identity/identity.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { systemClock } from '../../core/runtime/clock.ts'
import { silentLogger } from '../../core/runtime/log.ts'
import { systemRandom } from '../../core/runtime/random.ts'
import type { Keepalive } from '../../core/wire/options.ts'
import type { Role } from '../../core/model/role.ts'
import { addOperatorToken, createOperator } from '../../server/catalog/operators.ts'
import type { Database } from '../../server/catalog/database.ts'
import { openAuthority, type Authority } from '../../server/pki/authority.ts'
import type { AgentHandlers } from '../../server/rpc/agent-handlers.ts'
import { Feeds } from '../../server/rpc/feeds.ts'
import { issueJoinToken } from '../../server/rpc/join.ts'
import type { OperatorHandlers } from '../../server/rpc/operator-handlers.ts'
import { openRpc, type Rpc, type RpcOptions } from '../../server/rpc/rpc.ts'
import { operatorService } from '../../core/wire/operator-service.ts'
import { testDatabase } from './database.ts'

export interface TestRpc {
  readonly rpc: Rpc
  readonly database: Database
  readonly authority: Authority
  readonly feeds: Feeds
  readonly folder: string
  joinToken(options?: { ttlSeconds?: number; hostName?: string }): Promise<string>
  operatorToken(name?: string, role?: Role): Promise<string>
  enrolled(hostName: string): Promise<Identity>
  /** A link that is closed when the test ends. */
  link(identity: Identity, addresses?: readonly string[], keepalive?: Keepalive): GrpcLink
}

/** The server's network side alone, over a real catalog, with handlers of the test's own. */
export async function testRpc(
  t: TestContext,
  handlers: Partial<AgentHandlers> = {},
  more: Partial<RpcOptions> & { readonly keepaliveMs?: number } = {},
): Promise<TestRpc> {
  const database = more.database ?? (await testDatabase(t))
  const folder = await temporaryFolder(t)
  const authority = more.authority ?? (await openAuthority(folder, systemClock, systemRandom))
  const { keepaliveMs = 200 } = more
  const feeds = new Feeds({ database, clock: systemClock, log: silentLogger, keepaliveMs })
  const rpc = await openRpc({
    database,
    authority,
    feeds,
    clock: systemClock,
    random: systemRandom,
    log: silentLogger,
    serverId: 'server-test',
    version: '1.2.3',
    operators: { host: '127.0.0.1', port: 0 },
    agents: { host: '127.0.0.1', port: 0 },
    advertise: [],
    agentHandlers: { ...refusing(), ...handlers },
    operatorHandlers: refusingOperators,
    ...more,
  })
  t.after(() => rpc.close())
  const joinToken: TestRpc['joinToken'] = async ({ ttlSeconds = 60, hostName } = {}) => {
    const request = { ttlSeconds, hostName, actor: 'test' }
    const { operators } = rpc.reach
    return (await issueJoinToken(database, authority, systemRandom, operators, request)).token
  }
  return {
    rpc,
    database,
    authority,
    feeds,
    folder,
    joinToken,
    operatorToken: async (name = 'somebody', role = 'admin') => {
      const id = await createOperator(database, systemRandom, { name, role })
      return (await addOperatorToken(database, systemRandom, id)).token
    },
    enrolled: async (hostName) =>
      enrol({ folder: join(folder, hostName), token: await joinToken(), hostName }),
    link: (identity, addresses = identity.addresses, keepalive) => {
      const link = new GrpcLink({
        identity: { ...identity, addresses },
        clock: systemClock,
        ...(keepalive ? { keepalive } : {}),
      })
      t.after(() => link.close())
      return link
    },
  }
}

export async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-test-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** The error that `work` ends with. */
export async function errorOf(work: Promise<unknown>): Promise<HoldfastError> {
  try {
    await work
  } catch (error) {
    if (error instanceof HoldfastError) return error
    throw error
  }
  throw new Error('it did not fail')
}

export async function codeOf(work: Promise<unknown>): Promise<string> {
  return (await errorOf(work)).code
}

function refuse(): never {
  throw new HoldfastError('not-found', 'this test has no handler for it')
}

function refusing(): AgentHandlers {
  return {
    inventory: async () => refuse(),
    plan: async () => refuse(),
    map: () => refuse(),
    push: async () => refuse(),
    pull: () => refuse(),
    pullFiles: () => refuse(),
    report: async () => refuse(),
  }
}

/** Every operator's method answers 'not-found': enough to see who gets through the door. */
export function refusingOperators(): OperatorHandlers {
  const names = Object.values(operatorService).map(({ originalName }) => originalName ?? '')
  return Object.fromEntries(names.map((name) => [name, refuse])) as unknown as OperatorHandlers
}
