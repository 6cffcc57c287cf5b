import { openInspectPool } from '../../core/chunk/inspect-pool.ts'
import { rememberedSegments } from '../flows/ingest/reuse.ts'
import { openServePool } from '../../core/chunk/serve-pool.ts'
import { systemClock } from '../../core/runtime/clock.ts'
import { VERSION } from '../../core/model/release.ts'
import type { Lifecycle } from '../../core/runtime/lifecycle.ts'
import { Reports } from '../jobs/reports.ts'
import type { ServerOptions } from '../options.ts'
import type { Sender } from '../notify/deliver.ts'
import { openAuthority } from '../pki/authority.ts'
import { agentHandlers } from '../rpc/agent-calls.ts'
import { operatorHandlers } from '../rpc/operator/handlers.ts'
import { SERVE_OPTIONS } from '../rpc/pull-frames.ts'
import type { Reach } from '../rpc/listeners.ts'
import { openRpc, type Rpc } from '../rpc/rpc.ts'
import { readIdentity } from './bind-store.ts'
import { openConsole } from './console.ts'
import type { Foundation } from './foundation.ts'
import { keepOperatorFile } from './operator-file.ts'
import type { Services } from './services.ts'

/** zstd's own levels; 1 is the measured best of speed and size (docs/decisions). */
const COMPRESSION_LEVEL = 1

export interface Network extends Rpc {
  readonly operatorFile: string
  /** The console's address for a browser. */
  readonly console: string | null
  /** How people and programs are told of alerts. */
  readonly sender: Sender
}

/** Opens the console and both listeners: from here on others may ask. */
export async function openNetwork(
  options: ServerOptions,
  foundation: Foundation,
  services: Services,
  lifecycle: Lifecycle,
): Promise<Network> {
  const { database, store, clock, random, serverId } = foundation
  const { workers } = services
  const { listen: operators, agents, advertise, undoMs, databaseUrl, dataFolder } = options
  // TLS itself judges certificates by the machine's clock, so they are made by that one.
  const authority = await openAuthority(dataFolder, systemClock, random)
  const generation = async () => (await readIdentity(database))?.generation ?? 0
  // Known once the listeners are open.
  let reach: Reach = { operators: [], agents: [] }
  let console: string | null = null
  const sender: Sender = {
    ...{ serverId, mailFile: options.mailFile, consoleUrl: () => console },
    seconds: () => Math.floor(clock.now() / 1000),
  }
  const handlers = operatorHandlers({
    ...{ ...foundation, ...services, authority, undoMs, sender },
    reach: () => reach,
    consoleUrl: () => console,
    embedded: databaseUrl === undefined,
    wakeSchedule: () => void services.scheduler.tick(),
  })
  // Before agents come: what they bring goes on at once, and this takes a moment.
  console = await openConsole(options, { ...foundation, authority, handlers }, lifecycle)
  const rpc = await openRpc({
    ...{ ...foundation, authority, operators, agents, advertise, version: VERSION },
    clock: systemClock,
    feeds: services.feeds,
    agentHandlers: agentHandlers({
      ...foundation,
      compressionLevel: COMPRESSION_LEVEL,
      audit: { everyMs: options.auditMs, sampleShare: options.sampleShare },
      ingest: {
        database,
        store,
        random,
        clock,
        inspector: openInspectPool(workers),
        remembered: rememberedSegments(),
        generation,
      },
      pull: { database, store, pool: openServePool(workers, SERVE_OPTIONS) },
      items: { database, readers: services.readers, clock },
      reports: new Reports(database, clock, services.news),
      news: services.news,
    }),
    operatorHandlers: () => handlers,
  })
  lifecycle.onRelease('the listeners', () => rpc.close())
  reach = rpc.reach
  const { certificate } = authority
  const where = { addresses: rpc.reach.operators, authority: certificate, serverId }
  const operatorFile = await keepOperatorFile(database, random, dataFolder, where)
  return { ...rpc, operatorFile, console, sender }
}
