import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'

/**
 * Once more, for writes past the page cache: a restore of a hundred gigabytes would push what
 * guests have there out of it. Undefined where the file system knows no such thing.
 */
export async function openDirect(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_WRONLY | constants.O_DIRECT)
  } catch {
    return undefined
  }
}
