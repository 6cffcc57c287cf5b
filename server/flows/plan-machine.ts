import { readConfiguration, type MachineConfiguration } from '../../core/machine/configuration.ts'
import { fromFeatures, missingFor, missingForMemory } from '../../core/machine/host-features.ts'
import { planMachine } from '../../core/machine/plan-machine.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { usualFormat, type RestoreFormat } from '../../core/model/restore-format.ts'
import type { MachineRequest } from '../catalog/job-requests.ts'
import type { RestoreHost, RestoreOrigin } from '../catalog/restore-target.ts'
import type { VersionDiskRow } from '../catalog/versions.ts'

/** A whole VM that is to be restored, and what is known of it beforehand. */
export interface WholeMachine {
  readonly configuration: MachineConfiguration
  readonly request: MachineRequest
}

/**
 * The VM that the point is of, when all of it is wanted; undefined for an image, for single disks
 * elsewhere, and for what an older release stored without configuration.
 */
export function wholeMachine(
  origin: RestoreOrigin,
  stored: unknown,
  wish: {
    readonly original: boolean
    readonly disks: readonly string[]
    readonly machine: MachineRequest
  },
): WholeMachine | undefined {
  if (origin.kind !== 'vm') return undefined
  const configuration = readConfiguration(stored)
  if (!configuration) return undefined
  if (!wish.original && wish.disks.length > 0) return undefined
  const { uuid } = wish.machine.keepsIdentity || wish.original ? configuration : wish.machine
  return { configuration, request: { ...wish.machine, uuid } }
}

/** Memory goes along only where it is to go on; of single disks, nothing goes along. */
export function disksOfMachine(
  machine: WholeMachine | undefined,
  disks: readonly VersionDiskRow[],
): VersionDiskRow[] {
  const companions = machine?.configuration.companions ?? []
  const dropped = machine?.request.discardMemory === true
  return disks.filter(
    ({ name }) => !dropped || companions.find((one) => one.name === name)?.role !== 'memory',
  )
}

/** Each disk as it was, so that the VM finds it as its configuration says; companions are plain bytes. */
export function formatsOfMachine(
  { configuration }: WholeMachine,
  disks: readonly VersionDiskRow[],
  asked: RestoreFormat | undefined,
): Record<string, RestoreFormat> {
  const companions = new Set(configuration.companions.map(({ name }) => name))
  return Object.fromEntries(
    disks.map(({ name, format }) => [
      name,
      companions.has(name) ? 'raw' : (asked ?? usualFormat(format)),
    ]),
  )
}

/** What would keep the VM from running there is said beforehand: refused where it is to be started. */
export function checkMachineHost(
  { configuration, request }: WholeMachine,
  host: RestoreHost,
  original: boolean,
): string[] {
  const machines = fromFeatures(host.features)
  if (!machines) return [`what ${host.name} can run is looked at when the job begins there`]
  const memory = missingForMemory(configuration, original ? undefined : request, machines)
  if (memory.length > 0 && !request.discardMemory)
    throw lacks(host, 'the saved memory cannot go on there', memory, {
      hint: 'With --discard-memory the VM is restored as after a power cut: its disks are of one instant.',
    })
  const missing = missingFor(configuration, machines)
  if (missing.length === 0) return []
  if (request.start === true)
    throw lacks(host, 'the VM cannot be started there', missing, { hint: NO_START })
  return missing.map((what) => `it cannot run on ${host.name} as it is: ${what}`)
}

const NO_START = 'With --no-start it is restored all the same.'

function lacks(
  host: RestoreHost,
  what: string,
  missing: readonly string[],
  more: { hint: string },
) {
  return new HoldfastError('host-lacks', `${host.name}: ${what}: ${missing.join('; ')}`, more)
}

/** What the restored VM has that its source has not, in the words that its host will report. */
export function machineChanges(
  { configuration, request }: WholeMachine,
  place: {
    readonly name: string
    readonly folder: string
    readonly files: ReadonlyMap<string, string>
  },
): readonly string[] {
  return planMachine(configuration, request, place).changes
}
