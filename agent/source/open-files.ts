import { open, readFile, readdir, realpath, statfs } from 'node:fs/promises'
import { constants } from 'node:fs'
import { join } from 'node:path'
import { deviceNumber, relatedDevices } from './block-device.ts'
import type { SearchPath } from './find-tool.ts'
import { probeLeases } from './lease-probe.ts'
import { identityOf, scanProcesses } from './process-scan.ts'

/** Whether somebody can write to a file right now, and who; `unknown` says why nobody can tell. */
export interface Writers {
  readonly state: 'free' | 'open' | 'unknown'
  readonly who: string
}

/**
 * File systems whose every writer is on this machine. On any other a writer elsewhere is invisible
 * here, so that nobody can tell.
 */
const LOCAL_FILE_SYSTEMS = new Set([
  0xef53, // ext2, ext3, ext4
  0x58465342, // XFS
  0x9123683e, // btrfs
  0x01021994, // tmpfs
  0x858458f6, // ramfs
  0x794c7630, // overlayfs
  0x2fc12fc1, // ZFS
  0xca451a4e, // bcachefs
  0xf2f52010, // F2FS
  0x3153464a, // JFS
  0x73717368, // SquashFS
  0x9660, // ISO 9660
])

/** Who can write to these files and block devices, one answer each. */
export async function findWriters(
  paths: readonly string[],
  searchPath: SearchPath,
): Promise<Writers[]> {
  const leases = await probeLeases(paths, searchPath)
  const local = await Promise.all(paths.map(isLocal))
  const isFree = (index: number) => leases[index] === 'free' && local[index] === true
  if (paths.every((_, index) => isFree(index))) return paths.map(() => ({ state: 'free', who: '' }))
  const identities = await Promise.all(paths.map(identitiesOf))
  const scan = await scanProcesses(new Set(identities.flat()))
  return Promise.all(
    paths.map(async (path, index): Promise<Writers> => {
      const who = (identities[index] ?? []).flatMap((one) => scan.holders.get(one) ?? [])
      if (who.length > 0) return { state: 'open', who: who.join(', ') }
      if (leases[index] === 'held')
        return { state: 'open', who: (await loopOver(path)) ?? 'a process' }
      if (local[index] !== true) return { state: 'unknown', who: 'it is on a network file system' }
      if (leases[index] === 'free') return { state: 'free', who: '' }
      return withoutLease(path, scan.isComplete)
    }),
  )
}

/** A device that is mounted, or part of a device mapper, cannot be opened exclusively. */
async function withoutLease(path: string, isComplete: boolean): Promise<Writers> {
  // A device counts its writes: those of processes that cannot be looked into show there.
  if ((await deviceNumber(path)) !== undefined)
    return (await opensExclusively(path))
      ? { state: 'free', who: '' }
      : { state: 'open', who: 'a mounted file system or another device on it' }
  if (!isComplete)
    return { state: 'unknown', who: 'the agent may not look into all processes of this host' }
  return { state: 'free', who: '' }
}

async function opensExclusively(path: string): Promise<boolean> {
  try {
    const handle = await open(path, constants.O_RDONLY | constants.O_EXCL)
    await handle.close()
    return true
  } catch {
    return false
  }
}

/** A device is written through its partitions too. */
async function identitiesOf(path: string): Promise<string[]> {
  const number = await deviceNumber(path)
  if (number !== undefined) return (await relatedDevices(number)).map((one) => `device ${one}`)
  const own = await identityOf(path)
  return own === undefined ? [] : [own]
}

async function isLocal(path: string): Promise<boolean> {
  if ((await deviceNumber(path)) !== undefined) return true
  const status = await statfs(path, { bigint: true }).catch(() => undefined)
  return status !== undefined && LOCAL_FILE_SYSTEMS.has(Number(BigInt.asUintN(32, status.type)))
}

/** The loop device over a file: the kernel holds the file, and no process shows it. */
async function loopOver(path: string): Promise<string | undefined> {
  const real = await realpath(path).catch(() => path)
  for (const name of await readdir('/sys/block').catch(() => [])) {
    if (!name.startsWith('loop')) continue
    const file = join('/sys/block', name, 'loop/backing_file')
    const backing = await readFile(file, 'utf8').catch(() => '')
    if (backing.trim() === real) return `loop device /dev/${name}`
  }
  return undefined
}
