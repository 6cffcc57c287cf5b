import type { Clock } from '../../core/runtime/clock.ts'
import type { Logger } from '../../core/runtime/log.ts'
import type { Clones } from '../source/clone/clones.ts'
import type { BitmapNames } from './bitmap.ts'
import type { MakeInstantHooks } from './instant-hooks.ts'
import type { Monitors } from './monitors.ts'
import type { VmMemory } from './vm-memory.ts'
import type { VmUndoLog } from './vm-undo.ts'

/** What everything that works on VMs shares. */
export interface VmContext {
  readonly monitors: Monitors
  readonly names: BitmapNames
  readonly undoLog: VmUndoLog
  readonly makeHooks: MakeInstantHooks
  /** A folder for one job's scratch files and sockets. */
  readonly scratchRoot: (job: string) => string
  /** Where QEMU's tools are looked for. */
  readonly searchPath: string
  /** What disks a VM was last seen with, for when it is off. */
  readonly memory: VmMemory
  /** Of raw disks while their VM is off; absent: none are made. */
  readonly clones?: Clones | undefined
  readonly clock: Clock
  readonly log: Logger
}
