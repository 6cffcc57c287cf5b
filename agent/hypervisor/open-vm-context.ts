import { join } from 'node:path'
import type { Clock } from '../../core/runtime/clock.ts'
import type { Logger } from '../../core/runtime/log.ts'
import type { Clones } from '../source/clone/clones.ts'
import { BitmapNames } from './bitmap.ts'
import { makeGuestHooks } from './guest-hooks.ts'
import { Monitors } from './monitors.ts'
import type { VmContext } from './vm-context.ts'
import { VmMemory } from './vm-memory.ts'
import { VmUndoLog } from './vm-undo.ts'

export interface VmContextParts {
  readonly options: { readonly dataFolder: string; readonly scratch?: string | undefined }
  readonly serverId: string
  readonly clock: Clock
  readonly log: Logger
  readonly clones?: Clones | undefined
}

export function openVmContext({
  options,
  serverId,
  clock,
  log,
  clones,
}: VmContextParts): VmContext {
  const names = new BitmapNames(serverId)
  const scratch = options.scratch ?? join(options.dataFolder, 'scratch')
  return {
    ...{ names, clock, log, clones },
    monitors: new Monitors(),
    undoLog: new VmUndoLog(join(options.dataFolder, 'vm-undo')),
    makeHooks: makeGuestHooks(),
    searchPath: process.env['PATH'] ?? '',
    memory: new VmMemory(join(options.dataFolder, 'vms.json')),
    scratchRoot: (job) => join(scratch, `${names.prefix}${job}`),
  }
}
