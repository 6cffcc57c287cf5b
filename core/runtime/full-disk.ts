import { statfs } from 'node:fs/promises'
import { type ErrorCode, HoldfastError, toHoldfastError } from '../model/error.ts'
import { errorCode } from './file-system.ts'

const FULL = new Set(['ENOSPC', 'EDQUOT'])
/** What a start writes before anything else takes more than this. */
const LEAST_BYTES = 2 ** 20
/** Behind these a full disk may hide: programs that were started say it in texts of their own. */
const VAGUE = new Set<ErrorCode>(['internal', 'setup-missing', 'database-failed'])

/**
 * Does `work`, which needs room in `folder`. Throws what it throws, but 'data-folder-full' where
 * that came of there being none.
 */
export async function withRoomIn<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw (await isOfFullDisk(error, folder)) ? dataFolderFull(folder, error) : error
  }
}

async function isOfFullDisk(error: unknown, folder: string): Promise<boolean> {
  if (!VAGUE.has(toHoldfastError(error).code)) return false
  return FULL.has(errorCode(error) ?? '') || (await freeBytes(folder)) < LEAST_BYTES
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder).catch(() => ({ bavail: Infinity, bsize: 1 }))
  return bavail * bsize
}

function dataFolderFull(folder: string, cause: unknown): HoldfastError {
  return new HoldfastError('data-folder-full', `the disk of the data folder ${folder} is full`, {
    hint: 'Free space there and start it again; nothing that was acknowledged is affected.',
    cause,
  })
}
