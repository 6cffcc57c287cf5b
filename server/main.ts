import { join } from 'node:path'
import { openChunkWorkers } from '../core/chunk/chunk-workers.ts'
import { openInspectPool } from '../core/chunk/inspect-pool.ts'
import { openServePool } from '../core/chunk/serve-pool.ts'
import { VERSION } from '../core/model/release.ts'
import { systemClock } from '../core/runtime/clock.ts'
import { Lifecycle } from '../core/runtime/lifecycle.ts'
import type { Logger } from '../core/runtime/log.ts'
import { createLogger } from '../core/runtime/log-winston.ts'
import { randomId, systemRandom } from '../core/runtime/random.ts'
import { stopSignal } from '../core/runtime/stop-signal.ts'
import { releaseAllSessions } from './catalog/hosts.ts'
import { requeueJobsOfServer } from './catalog/jobs.ts'
import { releaseReadersOf } from './catalog/readers.ts'
import { COLLECT_TIMES } from './flows/collect.ts'
import { AgentSessions } from './jobs/agent-sessions.ts'
import { Dispatcher } from './jobs/dispatcher.ts'
import { createJobQueue } from './jobs/queue.ts'
import { Reports } from './jobs/reports.ts'
import { startScheduler } from './jobs/scheduler.ts'
import { serverRunners } from './jobs/server-runners.ts'
import type { ServerOptions } from './options.ts'
import { openAuthority } from './pki/authority.ts'
import { agentHandlers } from './rpc/agent-calls.ts'
import { Feeds } from './rpc/feeds.ts'
import { operatorHandlers } from './rpc/operator/handlers.ts'
import { SERVE_OPTIONS } from './rpc/pull-frames.ts'
import { openRpc } from './rpc/rpc.ts'
import { bindStore, readIdentity } from './start/bind-store.ts'
import { openDataFolder } from './start/data-folder.ts'
import { keepSnapshots } from './start/keep-snapshots.ts'
import { openCatalog } from './start/open-catalog.ts'
import { keepOperatorFile } from './start/operator-file.ts'
import { reconcile } from './start/reconcile.ts'

/** zstd's own levels; 1 is the measured best of speed and size (docs/decisions). */
const COMPRESSION_LEVEL = 1

/** Runs the protection server until it is told to stop; then everything is released in reverse. */
export async function runServer(options: ServerOptions): Promise<void> {
  const lifecycle = new Lifecycle()
  const stop = stopSignal()
  const log = createLogger({
    level: options.logLevel,
    folder: join(options.dataFolder, 'logs'),
    name: 'server',
  })
  try {
    await startServer(options, log, lifecycle)
    await stop.received
    log.info('stopping', { signal: stop.name() })
  } finally {
    await lifecycle.release()
  }
}

/** Bottom-up: folder, catalog, store, workers, jobs, network. */
async function startServer(
  options: ServerOptions,
  log: Logger,
  lifecycle: Lifecycle,
): Promise<void> {
  const clock = systemClock
  const random = systemRandom
  const folder = await openDataFolder(options.dataFolder, clock, random)
  lifecycle.onRelease('the data folder', () => folder.release())
  const { serverId } = folder
  const database = await openCatalog({ ...options, clock, log }, lifecycle)
  const folders = storeFolders(options)
  const store = await bindStore(database, folders, { clock, random }, lifecycle)
  await requeueJobsOfServer(database, serverId)
  await releaseReadersOf(database, serverId)
  await releaseAllSessions(database)
  const mode = await reconcile(database, store, log)

  const workers = openChunkWorkers()
  lifecycle.onRelease('the chunk workers', () => workers.close())
  const feeds = new Feeds({ database, clock, log })
  const queue = createJobQueue({ database, random, wake: () => dispatcher.wake() })
  const { undoMs, trashMs } = options
  const times = { ...COLLECT_TIMES, undoMs, trashMs }
  const dispatcher = new Dispatcher({
    database,
    clock,
    log,
    agents: feeds,
    holder: `${serverId}:${randomId(random, 'process')}`,
    runners: serverRunners({ database, store, random, clock, log, workers, mode, times }),
  })
  const sessions = new AgentSessions(database, dispatcher)
  feeds.onConnect((host) => void sessions.connected(host))
  feeds.onDisconnect((host) => dispatcher.agentLost(host))

  const authority = await openAuthority(options.dataFolder, clock, random)
  const generation = async () => (await readIdentity(database))?.generation ?? 0
  const rpc = await openRpc({
    ...{ database, authority, clock, random, log, serverId, feeds, version: VERSION },
    operators: options.listen,
    agents: options.agents,
    advertise: options.advertise,
    agentHandlers: agentHandlers({
      ...{ database, random, mode, compressionLevel: COMPRESSION_LEVEL },
      ingest: { database, store, random, clock, inspector: openInspectPool(workers), generation },
      pull: { database, store, pool: openServePool(workers, SERVE_OPTIONS) },
      reports: new Reports(database, clock),
    }),
    operatorHandlers: (reach) =>
      operatorHandlers({
        ...{ database, store, queue, random, clock, log, serverId, mode, authority, feeds },
        reach,
        workers,
        undoMs,
        embedded: options.databaseUrl === undefined,
      }),
  })
  lifecycle.onRelease('the listeners', () => rpc.close())
  dispatcher.start()
  lifecycle.onRelease('the dispatcher', () => dispatcher.stop())
  lifecycle.onRelease('the scheduler', startScheduler({ queue, mode, log }))
  const operatorFile = await keepOperatorFile(database, random, options.dataFolder, {
    ...{ addresses: rpc.reach.operators, authority: authority.certificate, serverId },
  })
  if (mode.name === 'normal')
    lifecycle.onRelease(
      'the snapshots',
      keepSnapshots({ database, store, dataFolder: options.dataFolder, clock, log }),
    )
  const { operators: listen, agents } = rpc
  log.info('ready', { listen, agents, version: VERSION })
  options.onReady?.({ serverId, listen, agents, console: null, operatorFile })
}

function storeFolders({ storeFolders, dataFolder }: ServerOptions): readonly string[] {
  return storeFolders.length > 0 ? storeFolders : [join(dataFolder, 'store')]
}
