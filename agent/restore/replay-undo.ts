import type { Logger } from '../../core/runtime/log.ts'
import { finishSwap, undo } from './swap.ts'
import { openCanonicalFolder, type TargetFolder } from './target-folder.ts'
import type { UndoLog } from './undo-log.ts'

/** What became of a restore that a crash cut: its files are all in place, or none is. */
export interface ReplayedRestore {
  readonly job: string
  readonly outcome: 'finished' | 'undone'
  readonly files: readonly string[]
}

/**
 * Call once at start, before any work is taken. A record that cannot be replayed (its folder is
 * gone or not mounted) stays for the next start and is logged. One that is finished stays until the
 * server has heard of it: a further run of its job finds it and does nothing else.
 */
export async function replayUndoLog(log: UndoLog, logger: Logger): Promise<ReplayedRestore[]> {
  const replayed: ReplayedRestore[] = []
  for (const job of await log.jobs()) {
    try {
      const done = await replay(job, log)
      if (!done) continue
      replayed.push(done)
      logger.info('a restore that was cut is cleaned up', { ...done })
    } catch (error) {
      logger.error('a restore that was cut cannot be cleaned up yet', { job, error: String(error) })
    }
  }
  return replayed
}

async function replay(job: string, log: UndoLog): Promise<ReplayedRestore | undefined> {
  const record = await log.read(job)
  if (!record || record.phase === 'finished') return undefined
  const folders = new Map<string, TargetFolder>()
  try {
    for (const { folder } of record.files)
      if (!folders.has(folder)) folders.set(folder, await openCanonicalFolder(folder))
    const isSwapped = record.phase === 'swapped'
    if (isSwapped) await finishSwap(record, log, folders)
    else await undo(record, log, folders)
    return { job, outcome: isSwapped ? 'finished' : 'undone', files: record.made }
  } finally {
    for (const folder of folders.values()) await folder.close()
  }
}
