import { HoldfastError } from '../../model/error.ts'
import { unsupported } from '../damaged.ts'
import type { GuestFileSystem } from '../file-system.ts'
import { components, resolvePath, type Found } from './resolve.ts'
import { mountTable } from './mount-table.ts'
import { nothingReadable, type GuestVolume, type GuestVolumes } from './volumes.ts'

export interface Place extends Found {
  readonly volume: GuestVolume
  readonly system: GuestFileSystem
  /** What the guest has mounted below it, which is no part of this file system. */
  readonly mountedBelow: readonly string[]
}

/**
 * `DISK:PARTITION:/path`, `DISK:/path`, `PARTITION:/path`, `GROUP/VOLUME:/path`,
 * `DISK:GROUP/VOLUME:/path` or `/path`, as people write it.
 */
export interface Address {
  /** Or a logical volume. */
  readonly disk: string | undefined
  readonly partition: number | undefined
  readonly path: Buffer
}

export function parseAddress(text: Buffer, disk?: string): Address {
  const colon = text[0] === 0x2f ? -1 : text.indexOf(':/')
  if (colon < 0) return { disk, partition: undefined, path: text }
  const head = text.subarray(0, colon).toString('utf8')
  const path = text.subarray(colon + 1)
  const [, before, number] = /^(?:(.*):)?(\d+)$/s.exec(head) ?? []
  if (number === undefined) return { disk: head, partition: undefined, path }
  return { disk: before ?? disk, partition: Number(number), path }
}

/** Volumes that an address may mean; those that cannot be read only where it names them. */
export async function fittingVolumes(
  volumes: GuestVolumes,
  { disk, partition }: Address,
): Promise<readonly GuestVolume[]> {
  const all = await volumes.all()
  const named = all.filter((one) => fits(one, { disk, partition }))
  if (named.length === 0) {
    const hint = `There are: ${all.map(({ name }) => name).join(', ')}.`
    throw new HoldfastError('path-not-found', 'there is no such disk or partition', { hint })
  }
  const readable = named.filter((one) => one.isReadable)
  if (readable.length > 0) return readable
  const [only] = named
  if (named.length > 1 || !only) throw nothingReadable(named)
  throw unsupported(`${only.where} holds ${only.holds}: its files cannot be read here`)
}

/** A logical volume is meant by its own name, alone or behind a disk's, or by a disk that has it. */
export function fits(volume: GuestVolume, { disk, partition }: Omit<Address, 'path'>): boolean {
  const { disks, logical } = volume
  if (partition !== undefined && volume.partition?.number !== partition) return false
  if (disk === undefined || disks.includes(disk)) return true
  return (
    partition === undefined &&
    logical !== undefined &&
    (disk === logical || disks.some((one) => disk === `${one}:${logical}`))
  )
}

/** The one thing that the address means. */
export async function locate(
  volumes: GuestVolumes,
  address: Address,
  options: { readonly followLast?: boolean } = {},
): Promise<Place> {
  const seen = await asTheGuestSees(volumes, address, options)
  if (seen) return seen
  const fitting = await fittingVolumes(volumes, address)
  const found: Place[] = []
  const failures: unknown[] = []
  for (const volume of fitting) {
    try {
      const system = await volumes.open(volume)
      const node = await resolvePath(system, address.path, options)
      if (node) found.push({ ...node, volume, mountedBelow: [] })
    } catch (error) {
      failures.push(error) // another one may have it, and be whole
    }
  }
  const [first, ...others] = found
  if (first && others.length === 0) return first
  if (first) throw ambiguous(address, found)
  if (failures.length > 0) throw failures[0]
  throw new HoldfastError('path-not-found', `there is no ${showPath(address.path)}`, {
    hint: `Looked on ${fitting.map(({ name }) => name).join(', ')}; \`holdfast files list\` shows what there is.`,
  })
}

/** A path without a disk is one of the guest's own, where its /etc/fstab can be read. */
async function asTheGuestSees(
  volumes: GuestVolumes,
  { disk, partition, path }: Address,
  options: { readonly followLast?: boolean },
): Promise<Place | undefined> {
  if (disk !== undefined || partition !== undefined) return undefined
  const table = await mountTable(volumes)
  if (!table) return undefined
  const { system, root, volume } = table.root
  const mounted = new Map<GuestFileSystem, GuestVolume>()
  const mountAt = async (at: string) => {
    const mount = await table.mountAt(at)
    if (mount) mounted.set(mount.system, mount.volume)
    return mount
  }
  const node = await resolvePath(system, path, { ...options, root, mountAt })
  if (!node) return undefined
  const mountedBelow = node.type === 'folder' ? table.below(node.at) : []
  return { ...node, volume: mounted.get(node.system) ?? volume, mountedBelow }
}

function ambiguous({ path }: Address, found: readonly Place[]): HoldfastError {
  const names = found.map(({ volume }) => `${volume.name}:${showPath(path)}`)
  return new HoldfastError('ambiguous-name', `${showPath(path)} is on several partitions`, {
    hint: `Say which: ${names.join(', ')}.`,
  })
}

export function showPath(path: Buffer): string {
  return `/${components(path)
    .map((part) => part.toString('utf8'))
    .join('/')}`
}
