import { basename } from 'node:path'
import type { LibvirtConfiguration, MachineConfiguration } from './configuration.ts'
import { memoryOf } from './configuration.ts'
import { wordsOf } from './command-words.ts'
import { macsOf, type MachineWish } from './machine-wish.ts'
import { emulatedTpm, type EmulatedTpm } from './domain-firmware.ts'
import { rewriteDomain } from './rewrite-domain.ts'
import { rewriteCommand } from './rewrite-command.ts'
import { parseXml } from './xml.ts'

/** Where a VM goes that is restored to another place. */
export interface MachinePlace {
  readonly name: string
  readonly folder: string
  /** Restored files, by name of disk or companion. */
  readonly files: ReadonlyMap<string, string>
}

/** A VM as its files will declare it. */
export interface PlannedMachine {
  readonly name: string
  readonly uuid: string
  readonly qmp: string
  readonly guestAgent: string | undefined
  /** Words of the command; undefined where it is not known how the source is started. */
  readonly start: readonly string[] | undefined
  readonly disks: readonly {
    readonly name: string
    readonly path: string
    readonly format: string
  }[]
  /** A VM of libvirt's: its definition. */
  readonly domain?: string
  /** Restored files of its TPM's state, which libvirt wants elsewhere. */
  readonly tpm?: PlannedTpm | undefined
  /** With memory: the definition that it is started with this once. */
  readonly resumed?: PlannedMemory | undefined
  readonly changes: readonly string[]
}

/** Restored memory with room for libvirt's head before it. */
export interface PlannedMemory {
  readonly file: string
  readonly headBytes: number
  readonly xml: string
}

/** Where it goes depends on the host's libvirt and the VM's UUID. */
export interface PlannedTpm {
  readonly folder: EmulatedTpm['folder']
  readonly files: readonly { readonly from: string; readonly name: string }[]
}

/** Pure: the same on the server, which shows it beforehand, and on the host, which does it. */
export function planMachine(
  configuration: MachineConfiguration,
  wish: MachineWish,
  place: MachinePlace,
): PlannedMachine {
  if (configuration.libvirt) return planDomain(configuration, configuration.libvirt, wish, place)
  const { name, folder, files } = place
  const { declared } = configuration
  const [qmp, agent] = [`${folder}/${name}.qmp`, `${folder}/${name}.agent`]
  const paths = new Map<string, string>()
  for (const one of [...configuration.disks, ...configuration.companions]) {
    const file = files.get(one.name)
    if (file !== undefined && one.path !== '') paths.set(one.path, file)
  }
  if (declared) paths.set(declared.qmp, qmp)
  if (declared?.guestAgent !== undefined) paths.set(declared.guestAgent, agent)
  const words = startWords(configuration)
  const rewritten =
    words && rewriteCommand(words, { ...commandWish(configuration, wish), name, folder, paths })
  return {
    ...{ name, uuid: wish.uuid, qmp, start: rewritten?.words },
    guestAgent: declared?.guestAgent === undefined ? undefined : agent,
    disks: configuration.disks.flatMap((disk) => {
      const path = files.get(disk.name)
      return path === undefined ? [] : [{ name: disk.name, path, format: disk.format }]
    }),
    changes: [
      ...(rewritten?.changes ?? [NO_START]),
      ...lackingOf(configuration),
      ...resuming(configuration, wish),
    ],
  }
}

function planDomain(
  configuration: MachineConfiguration,
  { inactive, isPersistent, migratable }: LibvirtConfiguration,
  wish: MachineWish,
  { name, folder, files }: MachinePlace,
): PlannedMachine {
  const nvram = configuration.companions.find(({ role }) => role === 'nvram')
  const tpm = plannedTpm(configuration, inactive, files)
  const asked = {
    ...{ ...commandWish(configuration, wish), name, folder, files },
    ...{ nvram: nvram && files.get(nvram.name), keepsTpm: tpm !== undefined },
  }
  const { xml, changes } = rewriteDomain(inactive, asked)
  const resumed = plannedMemory(configuration, files, () =>
    rewriteDomain(migratable ?? inactive, { ...asked, goesOn: true, newMac: undefined }),
  )
  const transient = isPersistent ? [] : ['it was transient: now libvirt keeps its definition']
  return {
    ...{ name, uuid: wish.uuid, qmp: '', guestAgent: undefined, start: undefined, disks: [] },
    ...{ domain: xml, tpm, resumed },
    changes: [...changes, ...transient, ...resuming(configuration, wish)],
  }
}

function plannedMemory(
  configuration: MachineConfiguration,
  restored: MachinePlace['files'],
  rewrite: () => { readonly xml: string },
): PlannedMemory | undefined {
  const memory = memoryOf(configuration)
  const file = memory && restored.get(memory.name)
  if (file === undefined) return undefined
  return { file, headBytes: memory?.headBytes ?? 0, xml: rewrite().xml }
}

function plannedTpm(
  { companions }: MachineConfiguration,
  xml: string,
  restored: MachinePlace['files'],
): PlannedTpm | undefined {
  const known = emulatedTpm(parseXml(xml))
  const files = companions.flatMap(({ name, role, path }) => {
    const from = role === 'tpm' ? restored.get(name) : undefined
    return from === undefined ? [] : [{ from, name: basename(path) }]
  })
  return known && files.length > 0 ? { folder: known.folder, files } : undefined
}

const NO_START =
  'only its disks: it is not known how the VM is started (its declaration has no `start` that could be read)'

/** As declared, else as it ran. */
export function startWords({ declared, commandLine }: MachineConfiguration): string[] | undefined {
  for (const command of [declared?.start, commandLine ?? undefined]) {
    const words = command === undefined ? undefined : wordsOf(command)
    if (words?.[0] !== undefined && /qemu-system-|qemu-kvm|(^|\/)kvm$/.test(words[0])) return words
  }
  return undefined
}

function commandWish(configuration: MachineConfiguration, wish: MachineWish) {
  const { machineType } = configuration
  const newMac = wish.keepsIdentity ? undefined : macsOf(wish.uuid)
  const { uuid, cpus, memoryBytes, networks } = wish
  return { uuid, cpus, memoryBytes, networks, machineType, newMac }
}

function lackingOf({ lacking }: MachineConfiguration): string[] {
  return lacking.map(
    ({ name, reason }) => `not restored, because the point lacks it: disk ${name} (${reason})`,
  )
}

function resuming(configuration: MachineConfiguration, wish: MachineWish): string[] {
  const memory = memoryOf(configuration)
  if (!memory) return []
  if (wish.discardMemory) return ['its memory is discarded: it starts as after a power cut']
  if (wish.keepsIdentity) return []
  return [
    'it goes on where it was: what runs in it sees the old UUID and MAC addresses until it is started anew',
  ]
}
