import { openChunkWorkers } from '../../core/chunk/chunk-workers.ts'
import type { WorkerPool } from '../../core/chunk/worker-pool.ts'
import { openInspectPool } from '../../core/chunk/inspect-pool.ts'
import { rememberedSegments } from '../flows/ingest/reuse.ts'
import { openServePool } from '../../core/chunk/serve-pool.ts'
import { openOpenPool } from '../../core/chunk/open-pool.ts'
import { systemFileSystem } from '../../core/runtime/file-system.ts'
import type { Lifecycle } from '../../core/runtime/lifecycle.ts'
import { randomId } from '../../core/runtime/random.ts'
import { COLLECT_TIMES } from '../flows/collect.ts'
import { ItemReaders } from '../items/reader/item-readers.ts'
import { AgentSessions } from '../jobs/agent-sessions.ts'
import { Dispatcher } from '../jobs/dispatcher.ts'
import { JobNews } from '../jobs/job-news.ts'
import type { JobQueue } from '../jobs/job-queue.ts'
import { createJobQueue } from '../jobs/queue.ts'
import { createScheduler, type Scheduler } from '../jobs/scheduler.ts'
import { serverRunners } from '../jobs/server-runners.ts'
import type { ServerOptions } from '../options.ts'
import { readAuthority } from '../pki/authority-files.ts'
import { toPem } from '../pki/certificates.ts'
import { Feeds } from '../rpc/feeds.ts'
import { SERVE_OPTIONS } from '../rpc/pull-frames.ts'
import { openAlertWatch } from './alerts.ts'
import { readIdentity as readStoreIdentity } from './bind-store.ts'
import type { Foundation } from './foundation.ts'

/** What works on the foundation: threads, the queue, who runs its jobs. */
export interface Services {
  readonly workers: WorkerPool
  readonly feeds: Feeds
  readonly queue: JobQueue
  readonly news: JobNews
  readonly dispatcher: Dispatcher
  readonly readers: ItemReaders
  readonly scheduler: Scheduler
}

export function openServices(
  options: ServerOptions,
  foundation: Foundation,
  lifecycle: Lifecycle,
): Services {
  const { undoMs, trashMs, historyMs } = options
  const { database, random, serverId } = foundation
  const workers = openChunkWorkers()
  lifecycle.onRelease('the chunk workers', () => workers.close())
  const readers = new ItemReaders({
    ...{ ...foundation, pool: openOpenPool(workers) },
    serve: openServePool(workers, SERVE_OPTIONS),
  })
  lifecycle.onRelease('the readers of files', () => Promise.resolve(readers.close()))
  const feeds = new Feeds(foundation)
  const times = { ...COLLECT_TIMES, undoMs, trashMs }
  const news = new JobNews()
  const dispatcher = new Dispatcher({
    ...foundation,
    news,
    agents: feeds,
    holder: `${serverId}:${randomId(random, 'process')}`,
    limits: options.limits,
    runners: serverRunners({
      ...{ ...foundation, workers, times, fs: systemFileSystem },
      inspector: openInspectPool(workers),
      remembered: rememberedSegments(),
      generation: async () => (await readStoreIdentity(database))?.generation ?? 0,
      authority: () => authorityOf(options.dataFolder),
    }),
  })
  // After the listeners have closed: transfers that they cut still stage what they have.
  lifecycle.onRelease('the jobs', () => dispatcher.giveBack())
  const queue = createJobQueue({ database, random, wake: () => dispatcher.wake() })
  const alerts = openAlertWatch(options, foundation)
  const scheduler = createScheduler(
    {
      ...foundation,
      wake: () => dispatcher.wake(),
      undoMs,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      historyMs,
    },
    () => alerts.look(),
  )
  const sessions = new AgentSessions(database, dispatcher)
  feeds.onConnect((host) => void sessions.connected(host))
  feeds.onDisconnect((host) => dispatcher.agentLost(host))
  return { workers, feeds, queue, news, dispatcher, readers, scheduler }
}

/** PEM; a server that runs has one. */
async function authorityOf(dataFolder: string): Promise<string> {
  const authority = await readAuthority(dataFolder)
  if (!authority) throw new Error('the authority is gone')
  return toPem(authority.certificate)
}
