import { join } from 'node:path'
import type { Clock } from '../../core/runtime/clock.ts'
import type { BitmapNames } from './bitmap.ts'
import type { CompanionDisk } from './companion-disk.ts'
import type { LiveDisk } from './live-disk.ts'
import type { ScratchFolder } from './scratch.ts'
import type { VmUndoLog } from './vm-undo.ts'

/** What is known of a freeze before it is planned. */
export interface FreezeSetting {
  readonly job: string
  readonly vm: string
  readonly socket: string
  readonly disks: readonly LiveDisk[]
  readonly companions: readonly CompanionDisk[]
  readonly names: BitmapNames
  readonly scratch: ScratchFolder
  /** Socket of an NBD server that runs in this QEMU anyway. */
  readonly nbdSocket: string | undefined
  readonly undoLog: VmUndoLog
  readonly clock: Clock
  /** With memory, of a VM of libvirt's: what libvirt would make of it elsewhere. */
  readonly migratable?: (() => Promise<string | undefined>) | undefined
}

export interface FreezeRequest extends FreezeSetting {
  /** Version that is being made: the new bitmaps are named after it. */
  readonly versionUid: string
  /** Of the disks that are tracked, the version that their bitmap counts from. */
  readonly baseOf: (disk: LiveDisk) => string | undefined
}

/** What a job puts into a QEMU for one disk. QEMU allows 31 bytes for the name of a node. */
export interface FrozenNames {
  readonly access: string
  readonly filter: string
  readonly target: string
  readonly exported: string
  readonly woken: string
}

/** Of the disk at this place of the request. */
export function namesOf({ names }: Pick<FreezeSetting, 'names'>, at: number): FrozenNames {
  const name = (kind: string) => `${names.prefix}${kind}${at}`
  return {
    access: name('read'),
    filter: name('cbw'),
    target: name('scratch'),
    exported: name('disk'),
    woken: name('wake'),
  }
}

/** Where the frozen views are served, unless an NBD server runs in this QEMU anyway. */
export function socketOf({ folder }: ScratchFolder): string {
  return join(folder, 'nbd')
}

export function memoryOf(companions: readonly CompanionDisk[]): CompanionDisk | undefined {
  return companions.find(({ companion }) => companion.role === 'memory')
}
