import { networkReason, type DomainDisk, type DomainVolume } from '../../core/machine/domain-xml.ts'
import type { Volume } from '../libvirt/libvirt-connection.ts'
import { LibvirtRefusal } from '../libvirt/libvirt-refusal.ts'
import { formatByName } from '../source/image-format.ts'
import type { DeclaredDisk } from './vm-file.ts'

/** Kinds of volumes that have a place on this host. */
const FILE = 0
const BLOCK_DEVICE = 1

export interface VolumeLookup {
  volume(pool: string, name: string): Promise<Volume>
}

interface Place {
  readonly path: string
  readonly reason: string
}

/**
 * A disk of a domain as a declaration has it. Of a volume libvirt tells the place. Its format is what
 * the domain says, as for QEMU, and never the pool's word: pools look into the bytes, which the guest writes.
 */
export async function domainDiskDeclared(
  disk: DomainDisk,
  isOff: boolean,
  storage: VolumeLookup,
): Promise<DeclaredDisk> {
  const { name, alias, format: called } = disk
  const format = formatByName(called)
  const unknown = format === undefined ? `format-unsupported: ${called}` : ''
  const place = disk.volume ? await placeOf(disk.volume, storage) : { path: disk.path, reason: '' }
  // What runs has it open, whatever the pool says.
  const off = isOff ? disk.offReason || place.reason : ''
  return {
    ...{ name, path: place.path, format: format ?? 'raw' },
    reason: disk.reason || unknown || off,
    ...(alias === undefined ? {} : { device: alias }),
  }
}

async function placeOf({ pool, name }: DomainVolume, storage: VolumeLookup): Promise<Place> {
  try {
    const { kind, path } = await storage.volume(pool, name)
    if (kind === FILE || kind === BLOCK_DEVICE) return { path, reason: '' }
    return { path: '', reason: networkReason('the pool’s') }
  } catch (error) {
    if (!(error instanceof LibvirtRefusal)) throw error
    const hint = `try virsh pool-start ${pool}, or virsh pool-refresh ${pool}`
    return { path: '', reason: `volume-missing: ${error.said} (${hint})` }
  }
}
