import type { WorkerPool } from '../../../core/chunk/worker-pool.ts'
import type { Clock } from '../../../core/runtime/clock.ts'
import type { Logger } from '../../../core/runtime/log.ts'
import type { Random } from '../../../core/runtime/random.ts'
import type { Database } from '../../catalog/database.ts'
import type { ServerMode } from '../../flows/server-mode.ts'
import type { ItemReaders } from '../../items/reader/item-readers.ts'
import type { JobNews } from '../../jobs/job-news.ts'
import type { JobQueue } from '../../jobs/job-queue.ts'
import type { AgentPort } from '../../jobs/work.ts'
import type { Sender } from '../../notify/deliver.ts'
import type { Authority } from '../../pki/authority.ts'
import type { ChunkStore } from '../../store/chunk-store.ts'
import type { Reach } from '../listeners.ts'

/** What the operator service works with. */
export interface OperatorDeps {
  readonly database: Database
  readonly store: ChunkStore
  readonly queue: JobQueue
  readonly news: Pick<JobNews, 'listen'>
  /** Looks into the disks of points. */
  readonly readers: ItemReaders
  readonly random: Random
  readonly clock: Clock
  readonly log: Logger
  readonly serverId: string
  readonly workers: WorkerPool
  readonly mode: ServerMode
  readonly authority: Authority
  /** Known once the server listens: join tokens carry it. */
  readonly reach: () => Reach
  readonly feeds: AgentPort
  /** The web console's address for a browser; null where there is none. */
  readonly consoleUrl: () => string | null
  /** How people and programs are told. */
  readonly sender: Sender
  /** How long a deleted point can be brought back. */
  readonly undoMs?: number
  /** Looks at once at what is due; absent where nothing runs by itself. */
  readonly wakeSchedule?: () => void
  /** The database is the server's own. */
  readonly embedded: boolean
}
