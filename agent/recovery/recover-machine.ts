import { HoldfastError } from '../../core/model/error.ts'
import { readConfiguration, type MachineConfiguration } from '../../core/machine/configuration.ts'
import { missingForMemory, type HostMachines } from '../../core/machine/host-features.ts'
import type { MachineWish } from '../../core/machine/machine-wish.ts'
import type { MachineWork__Output } from '../../core/wire/generated/holdfast/v1/MachineWork.ts'
import type { VmDeclaration } from '../hypervisor/vm-file.ts'
import type { CarryOptions, OnWritten, Restored } from '../restore/carry-out.ts'
import type { MachineNotes } from './machine-notes.ts'
import { recoverElsewhere } from './recover-elsewhere.ts'
import { recoverOriginal } from './recover-original.ts'
import type { StopDeps } from './stop-vm.ts'

export interface MachineDeps extends StopDeps {
  /** VMs that are declared to this agent now. */
  readonly declarations: () => Promise<readonly VmDeclaration[]>
  /** libvirts of this host that the agent was told of. */
  readonly libvirts: readonly string[]
  readonly notes: MachineNotes
  /** What this host can run; undefined where it has no QEMU. */
  readonly machines: () => Promise<HostMachines | undefined>
  /** What started VMs print. */
  readonly logFile: (vm: string) => string
}

/** One whole VM, on its way back. */
export interface MachineRecovery {
  readonly configuration: MachineConfiguration
  readonly wish: MachineWish
  /** yes | no | '' = as it was. */
  readonly start: string
  readonly options: CarryOptions
  readonly onWritten: OnWritten
}

/** Disks as in any restore, and around them the VM itself: stopped, declared, started. */
export async function recoverMachine(
  deps: MachineDeps,
  options: CarryOptions,
  machine: MachineWork__Output,
  onWritten: OnWritten,
): Promise<Restored> {
  const { work } = options
  const configuration = readConfiguration(JSON.parse(work.configuration ?? 'null'))
  if (!configuration)
    throw new HoldfastError('version-incompatible', 'this agent does not know this kind of VM', {
      hint: 'Update it, or restore the disks alone with --disk.',
    })
  const recovery = {
    configuration,
    wish: wishOf(machine),
    start: machine.start,
    options,
    onWritten,
  }
  await requireMemoryFits(deps, recovery)
  return work.original ? recoverOriginal(deps, recovery) : recoverElsewhere(deps, recovery)
}

function wishOf(machine: MachineWork__Output): MachineWish {
  const { uuid, keepsIdentity, networks, cpus, memoryBytes, discardMemory } = machine
  return {
    ...{ uuid, keepsIdentity, networks, discardMemory },
    cpus: cpus || undefined,
    memoryBytes: memoryBytes || undefined,
  }
}

/** The server has looked too, at what the agent told when it greeted; this is what holds. */
async function requireMemoryFits(
  { machines }: MachineDeps,
  { configuration, wish, options }: MachineRecovery,
): Promise<void> {
  const asked = options.work.original ? undefined : wish
  if (wish.discardMemory) return
  const missing = missingForMemory(configuration, asked, await machines())
  if (missing.length === 0) return
  throw new HoldfastError(
    'host-lacks',
    `the saved memory cannot go on here: ${missing.join('; ')}`,
    {
      hint: 'With --discard-memory the VM is restored as after a power cut.',
    },
  )
}
