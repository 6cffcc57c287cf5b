import { readFile, readdir, readlink, stat } from 'node:fs/promises'
import { numberOf } from './block-device.ts'

/** Which processes have files open or mapped for writing, as far as /proc shows them to us. */
export interface ProcessScan {
  /** `name (pid)` of the processes, by what they hold. */
  readonly holders: ReadonlyMap<string, readonly string[]>
  /** Whether every process could be looked into. */
  readonly isComplete: boolean
}

/** Access mode bits of open flags: 0 reads, 1 writes, 2 both. */
const ACCESS_MODE = 3
const SHARED_WRITABLE = /^\S+ .w.s \S+ \S+ ([1-9]\d*) +(\/.*)$/gm

/** What is the same for all names of a file, or of a device. */
export async function identityOf(path: string): Promise<string | undefined> {
  const status = await stat(path, { bigint: true }).catch(() => undefined)
  if (!status) return undefined
  return status.isBlockDevice()
    ? `device ${numberOf(status.rdev)}`
    : `file ${status.dev} ${status.ino}`
}

/** Looks through all processes for those that can write to one of `identities`. */
export async function scanProcesses(identities: ReadonlySet<string>): Promise<ProcessScan> {
  const holders = new Map<string, string[]>()
  let isComplete = true
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    const held = await heldBy(pid, identities)
    if (held === undefined) isComplete = false
    for (const identity of new Set(held)) {
      const name = `${await commandName(pid)} (${pid})`
      holders.set(identity, [...(holders.get(identity) ?? []), name])
    }
  }
  return { holders, isComplete }
}

/** Undefined when the process may not be looked into; one that has ended holds nothing. */
async function heldBy(pid: string, identities: ReadonlySet<string>): Promise<string[] | undefined> {
  try {
    const numbers = await readdir(`/proc/${pid}/fd`)
    const open = await Promise.all(numbers.map((fd) => heldByDescriptor(pid, fd, identities)))
    const maps = await readFile(`/proc/${pid}/maps`, 'utf8')
    return [...open.flat(), ...(await heldByMapping(maps, identities))]
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    return code === 'ENOENT' || code === 'ESRCH' ? [] : undefined
  }
}

async function heldByDescriptor(
  pid: string,
  fd: string,
  identities: ReadonlySet<string>,
): Promise<string[]> {
  const path = `/proc/${pid}/fd/${fd}`
  // Sockets, pipes and the like have no path, and need no look.
  const target = await readlink(path).catch(() => '')
  if (!target.startsWith('/')) return []
  const identity = await identityOf(path)
  if (identity === undefined || !identities.has(identity)) return []
  const info = await readFile(`/proc/${pid}/fdinfo/${fd}`, 'utf8').catch(() => '')
  const flags = Number.parseInt(/^flags:\s*(\d+)/m.exec(info)?.[1] ?? '0', 8)
  return (flags & ACCESS_MODE) === 0 ? [] : [identity]
}

async function heldByMapping(maps: string, identities: ReadonlySet<string>): Promise<string[]> {
  const held: string[] = []
  for (const [, inode, path] of maps.matchAll(SHARED_WRITABLE)) {
    if (![...identities].some((identity) => identity.endsWith(` ${inode}`))) continue
    const identity = await identityOf(path ?? '')
    if (identity !== undefined && identities.has(identity)) held.push(identity)
  }
  return held
}

async function commandName(pid: string): Promise<string> {
  return (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'a process')).trim()
}
