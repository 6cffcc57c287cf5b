import { openVerifyPool } from '../../core/chunk/serve-pool.ts'
import type { WorkerPool } from '../../core/chunk/worker-pool.ts'
import type { JobKind } from '../../core/model/state.ts'
import type { Logger } from '../../core/runtime/log.ts'
import { saveProgress, type JobProgress, type JobRow } from '../catalog/jobs.ts'
import { collect, type CollectDeps, type CollectTimes } from '../flows/collect.ts'
import { compact } from '../flows/compact.ts'
import { expireAll } from '../flows/expire.ts'
import { importReplica, type ImportDeps } from '../flows/replica/import-replica.ts'
import { requireWritable, type ServerMode } from '../flows/server-mode.ts'
import { verify } from '../flows/verify.ts'
import type { ServerRunner } from './dispatcher.ts'
import type { VerifyRequest } from '../catalog/job-requests.ts'

export interface RunnerDeps extends ImportDeps {
  readonly log: Logger
  readonly workers: WorkerPool
  readonly mode: ServerMode
  readonly times: CollectTimes
}

/** Jobs that the server does itself. */
export function serverRunners(deps: RunnerDeps): Partial<Record<JobKind, ServerRunner>> {
  return {
    'initial-replication': (job, signal) => runImport(deps, job, signal),
    verification: (job, signal) => runVerification(deps, job, signal),
    expiry: (_job, signal) => runExpiry(deps, signal),
    collection: (job, signal) => runCollection(deps, job, signal),
    compaction: (job, signal) => runCompaction(deps, job, signal),
  }
}

/** Ended by its commit, unless it failed. */
async function runImport(deps: RunnerDeps, job: JobRow, signal: AbortSignal) {
  requireWritable(deps.mode)
  await importReplica(deps, job, signal)
  return { result: {}, warnings: [] }
}

const PROGRESS_EVERY_MS = 1000

async function runVerification(deps: RunnerDeps, job: JobRow, signal: AbortSignal) {
  const { database, clock, workers } = deps
  const started = clock.monotonic()
  let told = -Infinity
  let latest: JobProgress = { doneBytes: 0, totalBytes: 0, bytesPerSecond: 0 }
  const tell = () => saveProgress(database, job.id, job.epoch, latest)
  const progress = (doneBytes: number, totalBytes: number) => {
    const now = clock.monotonic()
    const bytesPerSecond = now > started ? (doneBytes * 1000) / (now - started) : 0
    latest = { doneBytes, totalBytes, bytesPerSecond }
    if (now - told < PROGRESS_EVERY_MS) return
    told = now
    // A figure that is lost is no harm: the next one says more.
    tell().catch(() => {})
  }
  const outcome = await verify(
    { ...deps, pool: openVerifyPool(workers) },
    job.request as VerifyRequest,
    { foundBy: job.id, signal, progress },
  )
  // The last one stays.
  await tell()
  const { checkedChunks, checkedBytes, damaged, warnings } = outcome
  return { result: { verification: { checkedChunks, checkedBytes, damaged } }, warnings }
}

async function runExpiry(deps: RunnerDeps, signal: AbortSignal) {
  requireWritable(deps.mode)
  const expired = await expireAll({ ...deps, undoMs: deps.times.undoMs }, signal)
  return { result: { expired }, warnings: [] }
}

async function runCollection(deps: RunnerDeps, job: JobRow, signal: AbortSignal) {
  requireWritable(deps.mode)
  const done = await collect(collectDeps(deps, job, signal), deps.times)
  const { freedBytes, removedSegments, removedPacks } = done
  const collection = { freedBytes, removedSegments, removedPacks, rewrittenBytes: 0 }
  return { result: { collection }, warnings: [] }
}

async function runCompaction(deps: RunnerDeps, job: JobRow, signal: AbortSignal) {
  requireWritable(deps.mode)
  const { random } = deps
  const done = await compact({ ...collectDeps(deps, job, signal), random })
  const { movedSegments, removedPacks, trashedBytes, rewrittenBytes } = done
  const freedBytes = Math.max(0, trashedBytes - rewrittenBytes)
  const collection = { freedBytes, removedSegments: movedSegments, removedPacks, rewrittenBytes }
  return { result: { collection }, warnings: [] }
}

function collectDeps(deps: RunnerDeps, job: JobRow, signal: AbortSignal): CollectDeps {
  const { database, store, clock, log } = deps
  return { database, store, clock, log, signal, fence: { job: job.id, epoch: job.epoch } }
}
