import { chown, mkdir, open, stat, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { HoldfastError } from '../../core/model/error.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import { parseDomainAddress } from '../libvirt/domain-address.ts'
import { userOf } from './running-command.ts'

/** Below this share of the disks' size no job begins: guests write while they are read. */
const LEAST_SHARE = 0.02
const LEAST_BYTES = 64 * 1024 * 1024
/** With less than this left a job gives up by itself: what else uses the file system comes first. */
const RESERVE_BYTES = 32 * 1024 * 1024
const LOOK_MS = 2_000

export interface ScratchFolder {
  readonly folder: string
  /** Of the process that is QEMU: it has to open what lies there. */
  readonly owner: { readonly uid: number; readonly gid: number }
}

/** Whose QEMU it is shows on its socket, which it made; of libvirt's, on its process. */
export async function ownerOf(socket: string): Promise<ScratchFolder['owner']> {
  const domain = parseDomainAddress(socket)
  if (domain) {
    const user = await userOf(domain.uuid)
    if (user) return user
    throw new HoldfastError('vm-unreachable', 'the process of the VM cannot be found', {
      hint: 'Does the agent run in a container? It has to see the processes of its host.',
    })
  }
  const { uid, gid } = await stat(socket)
  return { uid, gid }
}

export async function makeScratchFolder({ folder, owner }: ScratchFolder): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await requireReach(folder, owner)
  if (process.getuid?.() === 0) await chown(folder, owner.uid, owner.gid)
}

/** QEMU may be another user than the agent: it has to get to its files. */
async function requireReach(folder: string, { uid, gid }: ScratchFolder['owner']): Promise<void> {
  if (uid === 0) return
  for (let place = dirname(folder); ; place = dirname(place)) {
    const found = await stat(place)
    const bit = found.uid === uid ? 0o100 : found.gid === gid ? 0o010 : 0o001
    if ((found.mode & bit) === 0)
      throw new HoldfastError(
        'permission-denied',
        `QEMU runs as user ${uid} here, who may not enter ${place}`,
        {
          hint: 'Give the agent a folder with --scratch that everybody may enter (mode 0711); what is made in it is for QEMU alone.',
        },
      )
    if (place === dirname(place)) return
  }
}

/** Refuses before anything is built when the old content of what guests write, or memory, would not fit. */
export async function requireSpace(
  folder: string,
  sizes: readonly number[],
  memoryBytes = 0,
): Promise<void> {
  const total = sizes.reduce((sum, size) => sum + size, 0)
  const overwritten = Math.min(total, Math.max(LEAST_BYTES, total * LEAST_SHARE))
  const needed = overwritten + memoryBytes + RESERVE_BYTES
  const free = await freeBytes(folder)
  if (free >= needed) return
  throw full(`${folder} has ${mebibytes(free)} free, ${mebibytes(needed)} are needed`)
}

/** A sparse file of exactly the disk's size: QEMU takes a shorter one without complaint, and breaks. */
export async function makeScratchFile(
  { folder, owner }: ScratchFolder,
  name: string,
  sizeBytes: number,
): Promise<string> {
  const path = join(folder, name)
  const file = await open(path, 'wx', 0o600)
  try {
    await file.truncate(sizeBytes)
    if (process.getuid?.() === 0) await file.chown(owner.uid, owner.gid)
  } finally {
    await file.close()
  }
  return path
}

/** Aborts `give` before the file system is full. Ends when `signal` aborts. */
export async function watchSpace(
  folder: string,
  give: (reason: HoldfastError) => void,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const free = await freeBytes(folder).catch(() => undefined)
    if (free !== undefined && free < RESERVE_BYTES)
      return give(full(`${folder} has only ${mebibytes(free)} left`))
    await clock.sleep(LOOK_MS, signal).catch(() => {})
  }
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

function full(what: string): HoldfastError {
  return new HoldfastError(
    'scratch-full',
    `there is no room for what the guest overwrites: ${what}`,
    {
      hint: 'Free some, or give the agent another folder with --scratch. The guest has not noticed.',
    },
  )
}

function mebibytes(bytes: number): string {
  return `${Math.floor(bytes / 1024 / 1024)} MiB`
}
