import type { WorkerPool } from '../../core/chunk/worker-pool.ts'
import type { JobKind } from '../../core/model/state.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import type { Logger } from '../../core/runtime/log.ts'
import type { Random } from '../../core/runtime/random.ts'
import type { Database } from '../catalog/database.ts'
import type { ChunkStore } from '../store/chunk-store.ts'
import { requireWritable, type ServerMode } from '../flows/server-mode.ts'
import type { ServerRunner } from './dispatcher.ts'

export interface RunnerDeps {
  readonly database: Database
  readonly store: ChunkStore
  readonly random: Random
  readonly clock: Clock
  readonly log: Logger
  readonly workers: WorkerPool
  readonly mode: ServerMode
}

/** Jobs that the server does itself. What deletes is refused while the catalog is older than its store. */
export function serverRunners(deps: RunnerDeps): Partial<Record<JobKind, ServerRunner>> {
  return { collection: unlessReadOnly(deps, notYet), compaction: unlessReadOnly(deps, notYet) }
}

const notYet: ServerRunner = () => Promise.reject(new Error('not there'))

function unlessReadOnly({ mode }: RunnerDeps, runner: ServerRunner): ServerRunner {
  return async (job, signal) => {
    requireWritable(mode)
    return runner(job, signal)
  }
}
