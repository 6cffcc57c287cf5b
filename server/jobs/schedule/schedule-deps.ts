import type { Clock } from '../../../core/runtime/clock.ts'
import type { Logger } from '../../../core/runtime/log.ts'
import type { Random } from '../../../core/runtime/random.ts'
import type { Database } from '../../catalog/database.ts'
import type { ServerMode } from '../../flows/server-mode.ts'
import type { ChunkStore } from '../../store/chunk-store.ts'

export interface ScheduleDeps {
  readonly database: Database
  readonly store: ChunkStore
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly mode: ServerMode
  /** Called when there is something to run. */
  readonly wake: () => void
  /** How long a deleted point can be brought back. */
  readonly undoMs: number
  /** The server's own time zone: for what it does each night. */
  readonly timeZone: string
  /** How long ended jobs are kept. */
  readonly historyMs: number
}

export const BY = 'schedule'
