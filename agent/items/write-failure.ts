import { HoldfastError } from '../../core/model/error.ts'

/** What the system said about one item, in our words. */
export function itemFailure(path: string, error: unknown): HoldfastError {
  if (error instanceof HoldfastError) return error
  const { code = '', message } = error as NodeJS.ErrnoException
  const reason = CANNOT_HOLD[code]
  if (reason !== undefined)
    return new HoldfastError('format-cannot-hold', `${path}: the target ${reason}`, {
      cause: error,
    })
  if (code === 'EEXIST')
    return new HoldfastError('target-exists', `${path} is there already`, {
      hint: 'Choose another --on-conflict, or another folder.',
    })
  if (FULL.has(code))
    return new HoldfastError('target-full', `${path}: there is no space left`, { cause: error })
  if (code === 'ELOOP' || code === 'ENOTDIR')
    return new HoldfastError('target-refused', `${path}: a link or a file stands in the way`, {
      hint: 'Links in the target are not followed.',
    })
  // The system's words without its path, which is one that only this process could use.
  const words = message.split(', ')[0] ?? message
  return new HoldfastError('target-write-failed', `${path}: ${words}`, { cause: error })
}

const CANNOT_HOLD: Readonly<Record<string, string>> = {
  ENAMETOOLONG: 'cannot hold names that long',
  EINVAL: 'cannot hold this name',
  EILSEQ: 'cannot hold this name',
  EFBIG: 'cannot hold files that large',
  EPERM: 'cannot hold, or does not permit, things of this kind',
  ENOSYS: 'cannot hold things of this kind',
  ENOTSUP: 'cannot hold things of this kind',
  EOPNOTSUPP: 'cannot hold things of this kind',
}

const FULL = new Set(['ENOSPC', 'EDQUOT'])

/** After these no further item can be written: the recovery ends. */
export function endsAll(error: unknown): boolean {
  return error instanceof HoldfastError && ENDING.has(error.code)
}

const ENDING = new Set(['target-full', 'protocol-violation', 'internal'])

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}
