import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname } from 'node:path'
import { HoldfastError } from '../model/error.ts'
import type { Clock } from './clock.ts'

export interface FolderLock {
  release(): Promise<void>
}

const TAKEN = 75 // EX_TEMPFAIL, asked of flock; no other way to fail gives it
const ATTEMPTS = 8
const BETWEEN_MS = 250

/**
 * Holds `file` locked as long as this process lives. A helper holds it: it ends with its standard
 * input, so that a killed process never leaves a stale lock, nor a recycled pid a false one. A few
 * attempts, because the helper of a process just killed may take a moment to notice.
 */
export async function lockFolder(file: string, clock: Clock): Promise<FolderLock> {
  for (let attempt = 1; ; attempt++) {
    const lock = await tryLock(file)
    if (lock) return lock
    if (attempt === ATTEMPTS) break
    await clock.sleep(BETWEEN_MS)
  }
  throw new HoldfastError(
    'data-folder-in-use',
    `another process uses the data folder ${dirname(file)}`,
    {
      hint: 'Stop the other server or agent first, or give this one a data folder of its own.',
    },
  )
}

async function tryLock(file: string): Promise<FolderLock | undefined> {
  const holder = spawn(
    'flock',
    ['--nonblock', '--conflict-exit-code', String(TAKEN), '--no-fork', file, 'cat'],
    { stdio: ['pipe', 'pipe', 'ignore'], detached: true },
  )
  const ended = once(holder, 'exit') as Promise<[number | null]>
  // What is written comes back once the lock is held: `cat` runs only then.
  holder.stdin.on('error', () => {})
  holder.stdin.write('held\n')
  const held = once(holder.stdout, 'data').then(() => 'held' as const)
  const first = await Promise.race([held, ended]).catch((error: unknown) => {
    throw cannotLock(file, 'flock does not run', error)
  })
  if (first === 'held') return { release: () => release(holder.stdin, ended) }
  if (first[0] === TAKEN) return undefined
  throw cannotLock(file, `flock ended with ${first[0]}`)
}

function cannotLock(file: string, why: string, cause?: unknown): HoldfastError {
  return new HoldfastError('setup-missing', `cannot lock ${file}: ${why}`, {
    hint: 'flock comes with util-linux; check also that the folder can be written.',
    cause,
  })
}

async function release(stdin: NodeJS.WritableStream, ended: Promise<unknown>): Promise<void> {
  stdin.end()
  await ended
}
