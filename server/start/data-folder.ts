import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HoldfastError } from '../../core/model/error.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import { systemFileSystem, writeDurably } from '../../core/runtime/file-system.ts'
import { lockFolder, type FolderLock } from '../../core/runtime/folder-lock.ts'
import { randomId, type Random } from '../../core/runtime/random.ts'

/** Newest layout of a server's data folder that this release reads, and the one it writes. */
const FORMAT = 1
const IDENTITY_FILE = 'server.json'

export interface DataFolder {
  readonly path: string
  readonly serverId: string
  release(): Promise<void>
}

/** Locks the folder for this process and reads who the server is; a new folder makes a new one. */
export async function openDataFolder(
  path: string,
  clock: Clock,
  random: Random,
): Promise<DataFolder> {
  const lock = await takeLock(path, clock)
  try {
    const serverId = (await readIdentity(path)) ?? (await writeIdentity(path, random))
    return { path, serverId, release: () => lock.release() }
  } catch (error) {
    await lock.release()
    throw error
  }
}

async function takeLock(path: string, clock: Clock): Promise<FolderLock> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  return lockFolder(join(path, 'lock'), clock)
}

async function readIdentity(path: string): Promise<string | undefined> {
  const file = join(path, IDENTITY_FILE)
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const { format, serverId } = JSON.parse(text) as { format?: number; serverId?: string }
  if (format === undefined || serverId === undefined)
    throw new HoldfastError('invalid-argument', `${file} is not a server's`, {
      hint: 'Give the data folder of a server, or an empty one.',
    })
  if (format > FORMAT)
    throw new HoldfastError('data-folder-newer', `${path} was written by a newer Holdfast`, {
      hint: `This release reads formats up to ${FORMAT}; install the newer one again.`,
    })
  return serverId
}

async function writeIdentity(path: string, random: Random): Promise<string> {
  const serverId = randomId(random, 'server')
  const text = `${JSON.stringify({ format: FORMAT, serverId }, null, 2)}\n`
  await writeDurably(systemFileSystem, join(path, IDENTITY_FILE), Buffer.from(text))
  return serverId
}
