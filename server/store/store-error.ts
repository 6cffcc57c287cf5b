import { HoldfastError } from '../../core/model/error.ts'
import { errorCode } from '../../core/runtime/file-system.ts'

const FULL = new Set(['ENOSPC', 'EDQUOT'])

/** What a failed write to the store means for the person who runs it. */
export function writeFailed(what: string, error: unknown): HoldfastError {
  if (error instanceof HoldfastError) return error
  const code = errorCode(error) ?? 'unknown error'
  if (FULL.has(code)) return storeFull(`${what}: no space left`, { cause: error })
  return new HoldfastError('store-write-failed', `${what} failed: ${code}`, {
    hint: 'Nothing that was acknowledged is affected. Check the disk below the store and its log.',
    details: { errno: code },
    cause: error,
  })
}

export function isFull(error: unknown): boolean {
  return error instanceof HoldfastError
    ? error.code === 'store-full'
    : FULL.has(errorCode(error) ?? '')
}

export function storeFull(
  message: string,
  more: { cause?: unknown; freeBytes?: number; neededBytes?: number } = {},
): HoldfastError {
  const { cause, ...details } = more
  return new HoldfastError('store-full', message, {
    hint: 'Delete recovery points and collect, or add a volume: holdfast storage add DIR',
    details,
    cause,
  })
}
