import { rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { stringify } from 'yaml'
import { HoldfastError, toHoldfastError } from '../../core/model/error.ts'
import type { MachineConfiguration } from '../../core/machine/configuration.ts'
import { memoryOf } from '../../core/machine/configuration.ts'
import { emulatedTpm } from '../../core/machine/domain-firmware.ts'
import { relocateDomain } from '../../core/machine/relocate-domain.ts'
import { parseXml } from '../../core/machine/xml.ts'
import { tpmPlace } from '../hypervisor/libvirt-tpm.ts'
import { parseDomainAddress } from '../libvirt/domain-address.ts'
import { carryOut, type Restored } from '../restore/carry-out.ts'
import type { OriginalDisk } from '../restore/place-originals.ts'
import { standingDomain } from './domain-control.ts'
import { makeTpmFolder } from './place-tpm.ts'
import { makeSaveImage } from './resume-domain.ts'
import type { MachineDeps, MachineRecovery } from './recover-machine.ts'
import { isVmRunning, stopVm } from './stop-vm.ts'
import { startVm, type SavedState, type StartableVm } from './start-vm.ts'

/**
 * Back where it was:
 * 1. the VM as it is declared now, or as it was; 2. it is stopped, and that is written down;
 * 3. its disks are written beside and swapped in; 4. it runs again, as it did before or as asked.
 * When 3 fails, its disks are as they were and it runs again.
 */
export async function recoverOriginal(
  deps: MachineDeps,
  recovery: MachineRecovery,
): Promise<Restored> {
  const { options, configuration, onWritten } = recovery
  const { job } = options.work
  const vm = await vmOf(deps, configuration)
  const runs = await isVmRunning(deps, vm)
  const wasRunning = (await deps.notes.recall(job))?.wasRunning ?? runs
  await deps.notes.remember(job, { wasRunning })
  if (runs) await stopVm(deps, vm, !replacesAll(recovery))
  let restored: Restored
  try {
    const resolveOriginal = await placesOf(recovery, vm)
    restored = await carryOut({ ...options, resolveOriginal }, onWritten)
  } catch (error) {
    await startAgain(deps, vm, wasRunning, options.signal)
    throw error
  }
  const ran = await runAgain(deps, recovery, vm, wasRunning)
  await deps.notes.forget(job)
  return {
    files: restored.files,
    changes: [...restored.changes, ...ran.changes],
    warnings: [...restored.warnings, ...ran.warnings],
  }
}

/** A VM whose declaration is gone comes back with the one that it had. */
async function vmOf(deps: MachineDeps, configuration: MachineConfiguration): Promise<StartableVm> {
  const { uuid, name, declared, disks, libvirt } = configuration
  if (libvirt) return standingDomain(uuid, libvirt, deps.libvirts)
  const now = (await deps.declarations()).find((one) => one.uuid === uuid)
  if (now) return now
  if (!declared?.file)
    throw new HoldfastError('source-missing', `no file declares the VM ${name} any more`, {
      hint: 'Restore it with --to HOST --path DIR instead.',
    })
  const { qmp, guestAgent, start, file } = declared
  const text = stringify({
    ...{ name, uuid, qmp, ...(guestAgent === undefined ? {} : { guestAgent }) },
    ...(start === undefined ? {} : { start }),
    disks: disks.map(({ name: disk, path, format }) => ({ name: disk, path, format })),
  })
  // Never over one that is there: it may be of another VM.
  await writeFile(file, text, { flag: 'wx' })
  return { name, qmp, guestAgent, start }
}

function replacesAll({ options, configuration }: MachineRecovery): boolean {
  const restored = new Set(options.work.disks.map(({ name }) => name))
  return configuration.disks.every(({ name }) => restored.has(name))
}

/** Companions lie where the configuration says; memory waits beside the first disk until it is loaded. */
async function placesOf(recovery: MachineRecovery, vm: StartableVm) {
  const { options, configuration } = recovery
  const states = await stateFolder(recovery, vm)
  return async (key: string): Promise<readonly OriginalDisk[]> => {
    const known = await options.resolveOriginal(key)
    const companions = configuration.companions.map(({ name, role, path }) => {
      if (role === 'memory')
        return { name, path: memoryFile(known, options.work.job), format: 'raw' }
      const isKept = role === 'tpm' && states !== undefined
      return { name, path: isKept ? join(states, basename(path)) : path, format: 'raw' }
    })
    return [
      ...known.filter(({ name }) => !companions.some((one) => one.name === name)),
      ...companions,
    ]
  }
}

/** Of a VM of libvirt's: where this host's keeps the state of its TPM. */
async function stateFolder(
  { options, configuration }: MachineRecovery,
  { qmp }: StartableVm,
): Promise<string | undefined> {
  const { companions, libvirt } = configuration
  const wanted = new Set(options.work.disks.map(({ name }) => name))
  const hasState = companions.some(({ name, role }) => role === 'tpm' && wanted.has(name))
  const address = hasState ? parseDomainAddress(qmp) : undefined
  const tpm = libvirt && emulatedTpm(parseXml(libvirt.inactive))
  if (!address || !tpm || tpm.source !== undefined) return undefined
  const folder = tpmPlace(address.uri, address.uuid, tpm)
  await makeTpmFolder(folder)
  return folder
}

function memoryFile(disks: readonly OriginalDisk[], job: string): string {
  return `${dirname(disks[0]?.path ?? '/')}/.memory.${job}`
}

async function startAgain(
  deps: MachineDeps,
  vm: StartableVm,
  wasRunning: boolean,
  signal: AbortSignal,
): Promise<void> {
  // A process that stops leaves it to the job's next run, which finds the note.
  if (!wasRunning || (signal.aborted && toHoldfastError(signal.reason).code !== 'job-cancelled'))
    return
  await startVm(deps, vm, { logFile: deps.logFile(vm.name) }).catch(() => {})
}

async function runAgain(
  deps: MachineDeps,
  recovery: MachineRecovery,
  vm: StartableVm,
  wasRunning: boolean,
): Promise<{ changes: string[]; warnings: string[] }> {
  const memory = await memoryToLoad(recovery, vm)
  const isWanted =
    recovery.start === 'yes' || (recovery.start === '' && (wasRunning || memory !== undefined))
  if (!isWanted) {
    const left = memory ? [await waiting(memory)] : []
    return {
      changes: [...(wasRunning ? [`${vm.name} was stopped and stays off`] : []), ...left],
      warnings: [],
    }
  }
  try {
    await startVm(deps, vm, { logFile: deps.logFile(vm.name), memory })
    if (memory) await rm(memory.file, { force: true })
    const how = memory ? 'goes on where it was' : 'was started'
    return { changes: [`${vm.name} ${how}`], warnings: [] }
  } catch (error) {
    const { message } = toHoldfastError(error)
    return { changes: [], warnings: [`all is restored, but ${message}`] }
  }
}

/** What somebody starts it with who wants it to go on later. */
async function waiting({ file, domain }: SavedState): Promise<string> {
  if (domain) await makeSaveImage(domain, file)
  const how = domain ? `virsh restore ${file}` : 'it goes on with -incoming'
  return `its memory waits in ${file}: ${how}`
}

async function memoryToLoad(
  { options, configuration }: MachineRecovery,
  vm: StartableVm,
): Promise<SavedState | undefined> {
  const { work } = options
  const memory = memoryOf(configuration)
  if (!memory || !work.disks.some(({ name }) => name === memory.name)) return undefined
  const known = await options.resolveOriginal(work.sourceKey)
  const file = memoryFile(known, work.job)
  const xml = configuration.libvirt?.migratable
  const places = new Map(known.map(({ name, path }) => [name, path]))
  const domain = xml && {
    xml: relocateDomain(xml, vm.name, places),
    headBytes: memory.headBytes ?? 0,
  }
  return { file, isFrozen: configuration.isFrozen ?? false, domain: domain || undefined }
}
