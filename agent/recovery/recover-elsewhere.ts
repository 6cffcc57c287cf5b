import { lstat, open, rename, rm } from 'node:fs/promises'
import { basename } from 'node:path'
import { HoldfastError, toHoldfastError } from '../../core/model/error.ts'
import { memoryOf } from '../../core/machine/configuration.ts'
import {
  planMachine,
  type PlannedMachine,
  type PlannedMemory,
} from '../../core/machine/plan-machine.ts'
import { restoredFileName } from '../../core/model/restore-format.ts'
import { carryOut, type Restored } from '../restore/carry-out.ts'
import { openTargetFolder } from '../restore/target-folder.ts'
import { targetFormat } from '../restore/target-format.ts'
import { startDomain, uriFor } from './domain-control.ts'
import { checkNewDomain, makeDomain, type NewDomain } from './new-domain.ts'
import { filesOf, type MachineFile } from './declaration-file.ts'
import type { MachineDeps, MachineRecovery } from './recover-machine.ts'
import { placeTpm, refusedTpm } from './place-tpm.ts'
import { makeSaveImage, resumeDomain } from './resume-domain.ts'
import { startVm } from './start-vm.ts'

/**
 * As a new VM in a folder: its disks as in any restore, then its declaration and a script that
 * starts it. All names are known, and free, before a byte moves.
 */
export async function recoverElsewhere(
  deps: MachineDeps,
  recovery: MachineRecovery,
): Promise<Restored> {
  const { options, configuration, wish, onWritten } = recovery
  const { work, roots } = options
  const folder = work.folder.replace(/\/+$/, '')
  const files = diskFiles(recovery, folder)
  const machine = planMachine(configuration, wish, { name: work.name, folder, files })
  await refuseTwin(deps, machine)
  const libvirt = await requireDomain(deps, recovery, machine)
  const memory = files.get(memoryOf(configuration)?.name ?? '')
  const made = filesOf(machine, work.point, memory)
  await refuseTaken(folder, made, roots)
  const restored = await carryOut(options, onWritten)
  const written: string[] = []
  for (const file of made) written.push(await write(folder, file, roots))
  const started =
    machine.domain === undefined
      ? await startIt(deps, recovery, machine, memory)
      : await defineIt(libvirt, recovery, machine)
  const used = new Set(started.used)
  return {
    files: [...restored.files.filter((file) => !used.has(file)), ...written],
    changes: [
      ...restored.changes,
      ...machine.changes,
      ...libvirt.lacking.map((why) => `it cannot be started here yet: ${why}`),
      ...started.changes,
    ],
    warnings: [...restored.warnings, ...started.warnings],
  }
}

interface DomainPlace {
  /** Undefined where the agent was told of no libvirt. */
  readonly uri: string | undefined
  /** What keeps it from starting there. */
  readonly lacking: readonly string[]
}

/** What libvirt would refuse is found before a byte moves. */
async function requireDomain(
  { libvirts }: MachineDeps,
  recovery: MachineRecovery,
  machine: PlannedMachine,
): Promise<DomainPlace> {
  const { libvirt } = recovery.configuration
  const uri = libvirt && uriFor(libvirt, libvirts)
  if (machine.domain === undefined) return { uri, lacking: [] }
  if (uri !== undefined) {
    const { tpm, uuid } = machine
    const noTpm = tpm ? await refusedTpm({ uri, uuid }, tpm) : ''
    const lacking = await checkNewDomain(uri, newDomain(recovery, machine), noTpm)
    return { uri, lacking }
  }
  if (recovery.start !== 'yes') return { uri, lacking: [] }
  throw new HoldfastError('host-lacks', 'the agent of this host was not told of a libvirt', {
    hint: 'Run it with --libvirt qemu:///system, or restore with --no-start.',
  })
}

function newDomain(
  { start }: MachineRecovery,
  { name, uuid, domain, resumed }: PlannedMachine,
): NewDomain {
  const resumedXml = resumed?.xml
  return { name, uuid, xml: domain ?? '', resumedXml, isToStart: start === 'yes' }
}

async function defineIt(
  { uri }: DomainPlace,
  recovery: MachineRecovery,
  machine: PlannedMachine,
): Promise<Started> {
  const { folder, job } = recovery.options.work
  const { tpm, resumed } = machine
  const { name, uuid, xml, isToStart } = newDomain(recovery, machine)
  const start = resumed ? `virsh restore ${resumed.file}` : `virsh start ${name}`
  try {
    if (resumed) await makeImage(recovery, resumed)
    if (uri === undefined) {
      const by = `virsh define ${folder}/${name}.xml; ${start}`
      return { changes: [`libvirt does not know it yet: ${by}`], warnings: [] }
    }
    if (tpm) await placeTpm({ uri, uuid }, tpm, job)
    await makeDomain(uri, xml)
    const has = `libvirt has it as ${name}`
    const moved = tpm?.files.map(({ from }) => from) ?? []
    if (!isToStart)
      return { changes: [has, `it is not started: ${start}`], warnings: [], used: moved }
    const isFrozen = recovery.configuration.isFrozen ?? false
    if (resumed) await resumeDomain({ uri, uuid }, { ...resumed, isFrozen })
    else await startDomain({ uri, uuid })
    // Its disks have gone on: with them this memory must never be used again.
    if (resumed) await rm(resumed.file, { force: true })
    const how = resumed ? 'goes on where it was' : 'was started'
    return {
      changes: [has, `${name} ${how}`],
      warnings: [],
      used: [...moved, ...(resumed ? [resumed.file] : [])],
    }
  } catch (error) {
    return { changes: [], warnings: [`all is restored, but ${toHoldfastError(error).message}`] }
  }
}

/** In the folder that was opened component by component: nobody puts a link in the way. */
async function makeImage({ options }: MachineRecovery, memory: PlannedMemory): Promise<void> {
  const folder = await openTargetFolder(options.work.folder, options.roots)
  try {
    await makeSaveImage(memory, folder.child(basename(memory.file)))
  } finally {
    await folder.close()
  }
}

/** The same names that carryOut gives. */
function diskFiles({ options }: MachineRecovery, folder: string): Map<string, string> {
  const { disks, name, format, preallocate } = options.work
  return new Map(
    disks.map((disk) => {
      const { name: restoredFormat } = targetFormat(disk.targetFormat ?? format, preallocate)
      const only = disks.length === 1 ? undefined : disk.name
      return [disk.name, `${folder}/${restoredFileName(name, only, restoredFormat)}`]
    }),
  )
}

/** Two VMs of one UUID on a host would be one data source. */
async function refuseTwin({ declarations }: MachineDeps, { uuid }: PlannedMachine): Promise<void> {
  const twin = (await declarations()).find((one) => one.uuid === uuid)
  if (!twin) return
  throw new HoldfastError('target-exists', `this host has the VM ${twin.name} with this UUID`, {
    hint: 'Restore it with a new identity, which is the default, or with --original.',
  })
}

async function refuseTaken(
  path: string,
  files: readonly MachineFile[],
  roots: readonly string[],
): Promise<void> {
  const folder = await openTargetFolder(path, roots)
  try {
    for (const { name, text } of files) {
      const found = await lstat(folder.child(name)).catch(() => undefined)
      if (!found || (await hasText(folder.child(name), text))) continue
      throw new HoldfastError('target-exists', `${path}/${name} exists`, {
        hint: 'Nothing is overwritten at an alternate location: give another --name or --path.',
      })
    }
  } finally {
    await folder.close()
  }
}

/** A run of the same job before this one may have written it. */
async function hasText(path: string, text: string): Promise<boolean> {
  const file = await open(path, 'r')
  try {
    return (await file.readFile('utf8')) === text
  } finally {
    await file.close()
  }
}

async function write(
  path: string,
  { name, text, mode }: MachineFile,
  roots: readonly string[],
): Promise<string> {
  const folder = await openTargetFolder(path, roots)
  const temporary = folder.child(`.${name}.new`)
  try {
    await rm(temporary, { force: true })
    const file = await open(temporary, 'wx', mode)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, folder.child(name))
    await folder.sync()
    return `${path}/${name}`
  } finally {
    await folder.close()
  }
}

interface Started {
  readonly changes: readonly string[]
  readonly warnings: readonly string[]
  /** Files that are gone, because they were of use once. */
  readonly used?: readonly string[] | undefined
}

async function startIt(
  deps: MachineDeps,
  { configuration, start }: MachineRecovery,
  machine: PlannedMachine,
  memory: string | undefined,
): Promise<Started> {
  if (start !== 'yes') {
    const how = machine.start ? `start it with ${machine.name}.${memory ? 'resume' : 'start'}` : ''
    return { changes: [`it is not started${how && `: ${how}`}`], warnings: [] }
  }
  try {
    const isFrozen = configuration.isFrozen ?? false
    const options = {
      logFile: deps.logFile(machine.name),
      memory: memory ? { file: memory, isFrozen } : undefined,
    }
    await startVm(deps, machine, options)
    return {
      changes: [`${machine.name} ${memory ? 'goes on where it was' : 'was started'}`],
      warnings: [],
    }
  } catch (error) {
    return { changes: [], warnings: [`all is restored, but ${toHoldfastError(error).message}`] }
  }
}
