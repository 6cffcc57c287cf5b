import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { HoldfastError } from '../../core/model/error.ts'
import type { ItemHead } from './dress.ts'

const run = promisify(execFile)

const LETTERS: Readonly<Record<string, string>> = {
  fifo: 'p',
  'character-device': 'c',
  'block-device': 'b',
}

/** Node cannot make devices; mknod is on every Linux. `path` is one that other programs can use. */
export async function makeSpecial(path: Buffer, { type, status }: ItemHead): Promise<void> {
  const letter = LETTERS[type]
  if (letter === undefined)
    throw new HoldfastError('format-cannot-hold', `a ${type} cannot be made`)
  const { major = 0, minor = 0 } = status?.device ?? {}
  const numbers = letter === 'p' ? [] : [String(major), String(minor)]
  try {
    await run('mknod', ['-m', '600', path.toString('latin1'), letter, ...numbers], {
      timeout: LIMIT_MS,
    })
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string }
    throw new HoldfastError('target-write-failed', `it cannot be made: ${stderr.trim()}`, {
      cause: error,
    })
  }
}

const LIMIT_MS = 30_000
