import { constants } from 'node:fs'
import { access, copyFile, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { PlannedTpm } from '../../core/machine/plan-machine.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { systemFileSystem } from '../../core/runtime/file-system.ts'
import { tpmPlace } from '../hypervisor/libvirt-tpm.ts'
import type { DomainAddress } from '../libvirt/domain-address.ts'

/** As libvirt makes them: it gives them to swtpm's user when it starts the VM. */
const VM_FOLDER = 0o711
const STATE_FOLDER = 0o700
const STATE_FILE = 0o600

/** What keeps this agent from giving libvirt the state of a TPM; '' when nothing does. */
export async function refusedTpm(
  { uri, uuid }: DomainAddress,
  { folder: version }: PlannedTpm,
): Promise<string> {
  const folder = await existing(dirname(placeOf(uri, uuid, version)))
  return access(folder, constants.W_OK | constants.X_OK).then(
    () => '',
    () => `the agent may not write to ${folder}, where libvirt keeps the state of TPMs`,
  )
}

/**
 * Moves restored files to where libvirt has swtpm look for them, all at once. A state that a VM of this
 * UUID left there is set aside, never overwritten. May run again for the same job.
 */
export async function placeTpm(
  { uri, uuid }: DomainAddress,
  tpm: PlannedTpm,
  job: string,
): Promise<void> {
  if (!(await isThere(tpm.files[0]?.from ?? ''))) return // an earlier run has moved them
  const place = placeOf(uri, uuid, tpm.folder)
  const vm = dirname(place)
  const fresh = join(vm, `.${tpm.folder}.${job}`)
  const aside = `${place}.before-${job}`
  await mkdir(vm, { recursive: true, mode: VM_FOLDER })
  await rm(fresh, { recursive: true, force: true })
  await mkdir(fresh, { mode: STATE_FOLDER })
  for (const { from, name } of tpm.files) await copyDurably(from, join(fresh, name))
  await systemFileSystem.syncFolder(fresh)
  if (await isThere(aside)) await rm(place, { recursive: true, force: true })
  else if (await isThere(place)) await rename(place, aside)
  await rename(fresh, place)
  await systemFileSystem.syncFolder(vm)
  for (const { from } of tpm.files) await rm(from, { force: true })
}

/** The folder of a state that comes back to where it was, when its VM was undefined meanwhile. */
export async function makeTpmFolder(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: VM_FOLDER })
  await mkdir(path, { recursive: true, mode: STATE_FOLDER }).catch((cause: unknown) => {
    throw new HoldfastError('target-refused', `${path} cannot be made for the state of its TPM`, {
      hint: 'Run the agent as root, or restore the disks alone with --disk.',
      cause,
    })
  })
}

function placeOf(uri: string, uuid: string, folder: PlannedTpm['folder']): string {
  return tpmPlace(uri, uuid, { folder, source: undefined, secret: undefined })
}

async function copyDurably(from: string, to: string): Promise<void> {
  await copyFile(from, to)
  const file = await open(to, 'r')
  try {
    await file.chmod(STATE_FILE)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** The folder itself, or the nearest above it that is there. */
async function existing(folder: string): Promise<string> {
  return folder === '/' || (await isThere(folder)) ? folder : existing(dirname(folder))
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
