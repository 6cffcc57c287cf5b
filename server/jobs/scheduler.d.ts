import type { Logger } from '../../core/runtime/log.ts'
import type { ServerMode } from '../start/reconcile.ts'
import type { JobQueue } from './job-queue.ts'
export interface SchedulerDeps {
  readonly queue: JobQueue
  readonly mode: ServerMode
  readonly log: Logger
}
/** What the server does by itself each night, in its own time zone. Gives how to stop it. */
export declare function startScheduler({ queue, mode, log }: SchedulerDeps): () => Promise<void>
