import { readdir, readFile, readlink, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { HoldfastError } from '../../core/model/error.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import type { Logger } from '../../core/runtime/log.ts'

const FAST_MS = 30_000
const IMMEDIATE_MS = 10_000
const POLL_MS = 50

/**
 * Ends the PostgreSQL that a killed server left running on `data`: fast, then at once, then by
 * force; all are safe for what was committed. Call it with the folder's lock held. Processes are
 * known by their working folder, never by a pid in a file alone: pids are used again.
 */
export async function stopLeftovers(data: string, clock: Clock, log: Logger): Promise<void> {
  const postmaster = await postmasterPid(data)
  const found = await processesIn(data)
  if (found.length > 0) {
    log.info('stopping the database that a killed server left', { processes: found.length })
    await endAll(data, postmaster, clock)
  }
  // A pid used again by another process would stop PostgreSQL from starting. A dead one does not:
  // PostgreSQL then looks itself whether anybody is still attached.
  if (postmaster !== undefined && isAlive(postmaster))
    await rm(join(data, 'postmaster.pid'), { force: true })
}

async function endAll(data: string, postmaster: number | undefined, clock: Clock): Promise<void> {
  const steps = [
    { signal: 'SIGINT', waitMs: FAST_MS },
    { signal: 'SIGQUIT', waitMs: IMMEDIATE_MS },
    { signal: 'SIGKILL', waitMs: IMMEDIATE_MS },
  ] as const
  for (const { signal, waitMs } of steps) {
    const left = await processesIn(data)
    // Backends end with their postmaster; only force is meant for each of them.
    const targets = signal === 'SIGKILL' ? left : left.filter((pid) => pid === postmaster)
    for (const pid of targets) sendSignal(pid, signal)
    if (await emptyWithin(data, waitMs, clock)) return
  }
  throw new HoldfastError('data-folder-in-use', `processes still use the database in ${data}`, {
    hint: 'Find them with `fuser -v` on that folder and end them.',
  })
}

async function emptyWithin(data: string, waitMs: number, clock: Clock): Promise<boolean> {
  const deadline = clock.monotonic() + waitMs
  for (;;) {
    if ((await processesIn(data)).length === 0) return true
    if (clock.monotonic() >= deadline) return false
    await clock.sleep(POLL_MS)
  }
}

/** Every process of PostgreSQL works in its data folder. */
async function processesIn(data: string): Promise<number[]> {
  const folder = await realpath(data)
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found: number[] = []
  for (const pid of pids) if (await worksIn(folder, pid)) found.push(Number(pid))
  return found
}

async function worksIn(folder: string, pid: string): Promise<boolean> {
  try {
    if ((await readlink(`/proc/${pid}/cwd`)) !== folder) return false
    return (await readFile(`/proc/${pid}/comm`, 'utf8')).startsWith('postgres')
  } catch {
    return false // ended meanwhile, or not ours to look at
  }
}

async function postmasterPid(data: string): Promise<number | undefined> {
  try {
    const pid = Number.parseInt(await readFile(join(data, 'postmaster.pid'), 'utf8'), 10)
    return Number.isNaN(pid) ? undefined : pid
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function sendSignal(pid: number, signal: 'SIGINT' | 'SIGQUIT' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal)
  } catch {
    // ended by itself meanwhile
  }
}
