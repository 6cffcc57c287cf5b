import { join } from 'node:path'
import { HoldfastError } from '../../core/model/error.ts'
import { randomId, type Random } from '../../core/runtime/random.ts'
import {
  errorCode,
  removeIfThere,
  writeAll,
  type FileSystem,
} from '../../core/runtime/file-system.ts'
import { LOCK_FILE } from './store-layout.ts'

/**
 * One process writes to a volume. The lock is a file that names its holder: process, its start, and
 * the boot of the machine. It is advisory and for one machine: a holder elsewhere cannot be asked.
 */
interface Holder {
  readonly pid: number
  readonly startTime: string
  readonly bootId: string
  readonly nonce: string
}

export interface VolumeLock {
  release(): Promise<void>
}

export async function lockVolume(
  files: FileSystem,
  folder: string,
  random: Random,
): Promise<VolumeLock> {
  const path = join(folder, LOCK_FILE)
  const self = await identify(files, process.pid, randomId(random, 'lock'))
  if (!(await create(files, path, self))) {
    await removeStale(files, path, folder, self.nonce)
    if (!(await create(files, path, self))) throw inUse(folder)
  }
  return { release: () => release(files, path, self) }
}

async function create(files: FileSystem, path: string, holder: Holder): Promise<boolean> {
  try {
    const file = await files.open(path, 'create')
    try {
      await writeAll(file, Buffer.from(JSON.stringify(holder)), 0)
    } finally {
      await file.close()
    }
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  }
}

async function removeStale(
  files: FileSystem,
  path: string,
  folder: string,
  nonce: string,
): Promise<void> {
  const holder = await read(files, path)
  if (holder && (await isAlive(files, holder))) throw inUse(folder, holder.pid)
  // Taken aside first: of two processes that find it stale, one may have made its own meanwhile.
  const aside = `${path}.${nonce}`
  await files.rename(path, aside).catch(() => {
    throw inUse(folder)
  })
  const taken = await read(files, aside)
  if (taken?.nonce !== holder?.nonce) {
    await files.rename(aside, path)
    throw inUse(folder)
  }
  await files.unlink(aside)
}

async function read(files: FileSystem, path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse((await files.readFile(path)).toString('utf8')) as Holder
  } catch {
    return undefined // half written by a process that died: stale
  }
}

async function isAlive(files: FileSystem, holder: Holder): Promise<boolean> {
  const now = await identify(files, holder.pid, '').catch(() => undefined)
  return now?.bootId === holder.bootId && now.startTime === holder.startTime
}

/** Throws when there is no such process. */
async function identify(files: FileSystem, pid: number, nonce: string): Promise<Holder> {
  const boot = await files.readFile('/proc/sys/kernel/random/boot_id')
  const status = (await files.readFile(`/proc/${pid}/stat`)).toString('utf8')
  // The name in parentheses may hold anything; start time is the 22nd field, the 20th after it.
  const fields = status.slice(status.lastIndexOf(')') + 2).split(' ')
  return { pid, startTime: fields[19] ?? '', bootId: boot.toString('utf8').trim(), nonce }
}

async function release(files: FileSystem, path: string, self: Holder): Promise<void> {
  const holder = await read(files, path)
  if (holder?.nonce === self.nonce) await removeIfThere(files, path)
}

function inUse(folder: string, pid?: number): HoldfastError {
  const by = pid === undefined ? 'another process' : `process ${pid}`
  return new HoldfastError('data-folder-in-use', `${folder} is in use by ${by}`, {
    hint: 'Stop the other server first.',
  })
}
