import type { MachineConfiguration } from './configuration.ts'
import { memoryOf } from './configuration.ts'
import type { MachineWish } from './machine-wish.ts'
import { changedInDomain } from './domain-goes-on.ts'
import { startWords } from './plan-machine.ts'
import { isPartOfMemory } from './rewrite-networks.ts'

/*
 * What a host can run, as words that its agent greets the server with: `qemu:7.2.22`,
 * `machine:pc-q35-7.2`, `cpu:avx2`.
 */

export interface HostMachines {
  readonly qemuVersion: string
  readonly machineTypes: readonly string[]
  readonly cpuFeatures: readonly string[]
}

export function toFeatures({ qemuVersion, machineTypes, cpuFeatures }: HostMachines): string[] {
  return [
    `qemu:${qemuVersion}`,
    ...machineTypes.map((type) => `machine:${type}`),
    ...cpuFeatures.map((name) => `cpu:${name}`),
  ]
}

/** Undefined: the host has no QEMU, or its agent is older. */
export function fromFeatures(features: readonly string[]): HostMachines | undefined {
  const after = (prefix: string) =>
    features.filter((one) => one.startsWith(prefix)).map((one) => one.slice(prefix.length))
  const [qemuVersion] = after('qemu:')
  if (qemuVersion === undefined) return undefined
  return { qemuVersion, machineTypes: after('machine:'), cpuFeatures: after('cpu:') }
}

/** What keeps the VM from running there, in words; each also keeps its memory from going on. */
export function missingFor(
  configuration: MachineConfiguration,
  host: HostMachines | undefined,
): string[] {
  if (!host) return ['the host has no QEMU']
  const { machineType, cpu } = configuration
  const missing: string[] = []
  if (machineType !== undefined && !host.machineTypes.includes(machineType))
    missing.push(`its QEMU ${host.qemuVersion} has no machine type ${machineType}`)
  // `max` and `host` take what there is: only memory depends on what that was.
  const isFixed = cpu !== undefined && !/^(max|host)-/.test(cpu.type)
  if (isFixed) missing.push(...lackingFeatures(cpu.features, host))
  return missing
}

/** What keeps the saved memory from going on there, or in a VM that is made otherwise. */
export function missingForMemory(
  configuration: MachineConfiguration,
  wish: MachineWish | undefined,
  host: HostMachines | undefined,
): string[] {
  if (!memoryOf(configuration) || wish?.discardMemory === true) return []
  const missing = missingFor(configuration, host)
  if (!host) return missing
  const { cpu, qemuVersion } = configuration
  if (cpu && /^(max|host)-/.test(cpu.type)) missing.push(...lackingFeatures(cpu.features, host))
  if (qemuVersion !== undefined && isOlder(host.qemuVersion, qemuVersion))
    missing.push(
      `its QEMU ${host.qemuVersion} is older than ${qemuVersion}, which saved the memory`,
    )
  if (wish?.cpus !== undefined && wish.cpus !== configuration.cpus)
    missing.push('the number of processors cannot change while it goes on')
  if (wish?.memoryBytes !== undefined && wish.memoryBytes !== configuration.memoryBytes)
    missing.push('the size of the memory cannot change while it goes on')
  return [...missing, ...(wish ? changedBelow(configuration, wish) : [])]
}

/** What of its devices would not be as the guest that goes on knows it. */
function changedBelow(configuration: MachineConfiguration, { networks }: MachineWish): string[] {
  if (configuration.libvirt) return changedInDomain(configuration, networks)
  const words = startWords(configuration) ?? []
  return networks
    .filter(({ from }) => isPartOfMemory(words, from))
    .map(({ from }) => `the network ${from} is a part of the saved memory and cannot be exchanged`)
}

function lackingFeatures(features: readonly string[], host: HostMachines): string[] {
  const known = new Set(host.cpuFeatures)
  const lacking = features.filter((name) => !known.has(name))
  if (lacking.length === 0 || known.size === 0) return []
  return [`its processor lacks ${lacking.join(', ')}`]
}

/** As numbers, part by part. */
function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split('.').map(Number))
  for (const [at, part] of (b ?? []).entries()) {
    const own = a?.[at] ?? 0
    if (own !== part) return own < part
  }
  return false
}
