import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { runRestore, type RestoreOptions } from '../../agent/restore/restore.ts'
import { UndoLog } from '../../agent/restore/undo-log.ts'
import { openChunkWorkers } from '../../core/chunk/chunk-workers.ts'
import { openRestorePool } from '../../core/chunk/restore-pool.ts'
import { systemClock, type Clock } from '../../core/runtime/clock.ts'
import { silentLogger } from '../../core/runtime/log.ts'
import { TokenBucket } from '../../core/runtime/token-bucket.ts'
import type { JobReport } from '../../core/wire/generated/holdfast/v1/JobReport.ts'
import type { RestoreWork__Output } from '../../core/wire/generated/holdfast/v1/RestoreWork.ts'
import type { PointSource } from './point-source.ts'

export const workers = openChunkWorkers()
export const pool = openRestorePool(workers)

/** Real time, but nobody waits long. */
const hastyClock: Clock = {
  ...systemClock,
  sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 20), signal),
}

export async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-restore-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

export function workFor(
  source: PointSource,
  more: Partial<RestoreWork__Output>,
): RestoreWork__Output {
  return {
    job: 'job-1',
    epoch: 7,
    point: 'point-1',
    original: false,
    sourceKey: '',
    folder: '',
    name: 'restored',
    format: 'raw',
    preallocate: false,
    evenIfOpen: false,
    bytesPerSecond: 0,
    disks: source.restoreDisks(),
    ...more,
  }
}

/** Options with the real parts, for a restore below `folder`. */
export function optionsFor(
  folder: string,
  source: PointSource,
  work: Partial<RestoreWork__Output>,
): RestoreOptions & { reports: JobReport[] } {
  const reports: JobReport[] = []
  return {
    work: workFor(source, { folder, ...work }),
    link: source,
    pool,
    roots: [folder],
    resolveOriginal: () => Promise.resolve([]),
    findWriters: (paths) => Promise.resolve(paths.map(() => ({ state: 'free', who: '' }))),
    undoLog: new UndoLog(join(folder, '.undo')),
    throttle: new TokenBucket(hastyClock, 0),
    report: (report) => {
      reports.push(report)
      return Promise.resolve({ cancel: false, fenced: false })
    },
    clock: hastyClock,
    log: silentLogger,
    signal: new AbortController().signal,
    reports,
  }
}

/** Restores and throws what failed. */
export async function restoreOrThrow(options: RestoreOptions): Promise<readonly string[]> {
  const outcome = await runRestore(options)
  if (outcome.error) throw outcome.error
  return outcome.files
}

/** Names in a folder, without the undo log's own folder. */
export async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name !== '.undo').sort()
}
