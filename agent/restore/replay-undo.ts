import type { Logger } from '../../core/runtime/log.ts'
import { finishSwap, undo } from './swap.ts'
import { openCanonicalFolder, type TargetFolder } from './target-folder.ts'
import type { UndoLog, UndoRecord } from './undo-log.ts'

/** What became of a restore that a crash cut: its files are all in place, or none is. */
export interface ReplayedRestore {
  readonly job: string
  readonly epoch: number
  readonly outcome: 'finished' | 'undone'
  readonly files: readonly string[]
}

/**
 * Call once at start, before any work is taken. A record that cannot be replayed (its folder is
 * gone or not mounted) stays for the next start and is logged.
 */
export async function replayUndoLog(log: UndoLog, logger: Logger): Promise<ReplayedRestore[]> {
  const replayed: ReplayedRestore[] = []
  for (const record of await log.records()) {
    try {
      replayed.push(await replay(record, log))
      logger.info('a restore that was cut is cleaned up', { ...replayed.at(-1) })
    } catch (error) {
      logger.error('a restore that was cut cannot be cleaned up yet', {
        job: record.job,
        files: finalPaths(record),
        error: String(error),
      })
    }
  }
  return replayed
}

async function replay(record: UndoRecord, log: UndoLog): Promise<ReplayedRestore> {
  const folders = new Map<string, TargetFolder>()
  try {
    for (const { folder } of record.files)
      if (!folders.has(folder)) folders.set(folder, await openCanonicalFolder(folder))
    const isSwapped = record.phase === 'swapped'
    if (isSwapped) await finishSwap(record, log, folders)
    else await undo(record, log, folders)
    const outcome = isSwapped ? 'finished' : 'undone'
    return { job: record.job, epoch: record.epoch, outcome, files: finalPaths(record) }
  } finally {
    for (const folder of folders.values()) await folder.close()
  }
}

function finalPaths(record: UndoRecord): string[] {
  return record.files.flatMap(({ folder, moves }) => moves.map(({ to }) => `${folder}/${to}`))
}
