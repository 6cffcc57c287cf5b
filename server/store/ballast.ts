import { join } from 'node:path'
import {
  errorCode,
  removeIfThere,
  writeDurably,
  type FileSystem,
} from '../../core/runtime/file-system.ts'
import type { Random } from '../../core/runtime/random.ts'
import { isFull } from './store-error.ts'
import { BALLAST_FILE } from './store-layout.ts'

/** Thousands of tombstones; nothing beside a volume. */
export const BALLAST_BYTES = 4 * 1024 * 1024

/** A volume with less room than this is left alone: the ballast would be what fills it. */
const LEAST_FREE_BYTES = 4 * BALLAST_BYTES

/**
 * Room that nobody else can take. The reserve keeps us from filling a file system, not others; on one
 * with 0 bytes free no tombstone could be written, so nothing could be deleted to make room.
 * Random bytes: a file system that compresses would give zeros no room.
 */
export async function keepBallast(
  files: FileSystem,
  folder: string,
  random: Random,
): Promise<void> {
  const path = join(folder, BALLAST_FILE)
  try {
    if ((await files.stat(path))?.size === BALLAST_BYTES) return
    if ((await files.space(folder)).freeBytes < LEAST_FREE_BYTES) return
    await writeDurably(files, path, random.bytes(BALLAST_BYTES))
  } catch (error) {
    // Without it all works but deletion on a full disk; a volume that fails says so where it matters.
    if (errorCode(error) === undefined) throw error
  }
}

/** Does what writes a little; where no byte is free it gives up the ballast and tries again. */
export async function withBallast(
  files: FileSystem,
  folder: string,
  write: () => Promise<void>,
): Promise<void> {
  try {
    await write()
  } catch (error) {
    if (!isFull(error) || !(await removeIfThere(files, join(folder, BALLAST_FILE)))) throw error
    await files.syncFolder(folder) // a journal gives the blocks back with its next commit
    await write()
  }
}
