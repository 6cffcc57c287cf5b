import { link, lstat, rename, unlink } from 'node:fs/promises'
import { HoldfastError } from '../../core/model/error.ts'
import { failpoint } from '../../core/runtime/failpoint.ts'
import type { TargetFolder } from './target-folder.ts'
import type { UndoFile, UndoLog, UndoMove, UndoRecord } from './undo-log.ts'

/** The folders of a record, held open, by canonical path. */
export type OpenFolders = ReadonlyMap<string, TargetFolder>

/**
 * Gives every written file its place: all of them or, after a crash anywhere in here and a replay,
 * none. The old files wait under another name until the last new one is there for good.
 */
export async function swapIn(
  record: UndoRecord,
  log: UndoLog,
  folders: OpenFolders,
): Promise<void> {
  await log.write({ ...record, phase: 'swapping' })
  for (const [folder, move] of movesOf(record.files, folders)) {
    await failpoint('restore.before-swap')
    await put(folder, move)
  }
  for (const folder of folders.values()) await folder.sync()
  await log.write({ ...record, phase: 'swapped' })
  await failpoint('restore.after-swap')
  await finishSwap(record, log, folders)
}

/** Removes what a swap leaves over: the old files, or the second names of the new ones. */
export async function finishSwap(
  record: UndoRecord,
  log: UndoLog,
  folders: OpenFolders,
): Promise<void> {
  for (const [folder, { from, kept }] of movesOf(record.files, folders))
    await removeIfThere(folder.child(kept ?? from))
  for (const folder of folders.values()) await folder.sync()
  if (record.isTold) await log.forget(record.job)
  else await log.write({ ...record, phase: 'finished' })
}

/** Makes the folders as they were before the restore began. */
export async function undo(record: UndoRecord, log: UndoLog, folders: OpenFolders): Promise<void> {
  if (record.phase === 'swapping')
    for (const [folder, move] of movesOf(record.files, folders).reverse())
      await takeBack(folder, move)
  for (const { folder: path, temporary } of record.files) {
    const folder = folders.get(path)
    for (const name of folder ? temporary : []) await removeIfThere(folder!.child(name))
  }
  for (const folder of folders.values()) await folder.sync()
  await log.forget(record.job)
}

function movesOf(files: readonly UndoFile[], folders: OpenFolders): [TargetFolder, UndoMove][] {
  return files.flatMap(({ folder: path, moves }) => {
    const folder = folders.get(path)
    return folder ? moves.map((move): [TargetFolder, UndoMove] => [folder, move]) : []
  })
}

async function put(folder: TargetFolder, { from, to, kept }: UndoMove): Promise<void> {
  if (kept === undefined) return putNew(folder, from, to)
  await linkOrRename(folder.child(to), folder.child(kept))
  await rename(folder.child(from), folder.child(to))
}

/** By a second name, because link() never replaces what another put there meanwhile. */
async function putNew(folder: TargetFolder, from: string, to: string): Promise<void> {
  try {
    await linkOrRename(folder.child(from), folder.child(to))
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
    throw targetExists(`${folder.path}/${to}`)
  }
}

/** File systems without hard links (FAT) refuse with EPERM: a checked rename is the best they have. */
async function linkOrRename(from: string, to: string): Promise<void> {
  try {
    await link(from, to)
  } catch (error) {
    if (!isCode(error, 'EPERM') && !isCode(error, 'ENOTSUP')) throw error
    if (await inodeOf(to)) throw Object.assign(new Error(`${to} exists`), { code: 'EEXIST' })
    await rename(from, to)
  }
}

async function takeBack(folder: TargetFolder, { from, to, kept }: UndoMove): Promise<void> {
  if (kept === undefined) {
    const [old, now] = [await inodeOf(folder.child(from)), await inodeOf(folder.child(to))]
    // Ours when both names are one file, or when only a rename can have taken the first away.
    if (now !== undefined && (old === undefined || old === now)) await unlink(folder.child(to))
    return
  }
  if ((await inodeOf(folder.child(kept))) === undefined) return
  await rename(folder.child(kept), folder.child(to))
  // rename() does nothing between two names of one file: then the old file never left its place.
  await removeIfThere(folder.child(kept))
}

async function inodeOf(path: string): Promise<bigint | undefined> {
  try {
    return (await lstat(path, { bigint: true })).ino
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    throw error
  }
}

async function removeIfThere(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (!isCode(error, 'ENOENT')) throw error
  })
}

export function targetExists(path: string): HoldfastError {
  return new HoldfastError('target-exists', `${path} exists`, {
    hint: 'Nothing is overwritten at an alternate location: give another --name or --path.',
  })
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
