import { openWorkerPool, workerFile, type WorkerPool } from './worker-pool.ts'

/** Threads for a two-core machine: more gain nothing, fewer lose a tenth (docs/decisions/0010-block-pipeline.md). */
export const CHUNK_WORKERS = 2

/**
 * The threads that inspect, serve, verify and restore chunks. One set of a process serves all of
 * its pools: each thread costs about 15 MiB.
 */
export function openChunkWorkers(workers = CHUNK_WORKERS): WorkerPool {
  return openWorkerPool(workerFile('chunk-worker', import.meta.url), workers)
}
