import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { AgentChannel } from '../../agent/guest/agent-channel.ts'
import { runInGuest } from '../../agent/guest/guest-files.ts'
import { systemRandom } from '../../core/runtime/random.ts'
import { makeGuestDisk } from '../../scripts/guest/guest-disk.ts'
import { guestFiles } from '../../scripts/guest/guest-files.ts'
import {
  guestCommand,
  guestDeclaration,
  GuestVm,
  type GuestShape,
} from '../../scripts/guest/guest-vm.ts'
import { Scene } from '../support/scene.ts'
import { lacksTool } from '../support/needs.ts'

const MIB = 2 ** 20

/** Emulated guests need QEMU, and apt for what they are made of. */
export function lacksGuests(t: TestContext): boolean {
  return lacksTool(t, 'qemu-system-x86_64') || lacksTool(t, 'apt-get') || lacksTool(t, 'cpio')
}

export interface RealGuest {
  readonly shape: GuestShape
  readonly command: readonly string[]
}

/** A guest with two disks, not yet running, in a folder that goes with the test. */
export async function makeGuest(
  t: TestContext,
  options: { readonly asks?: readonly string[]; readonly folder?: string } = {},
): Promise<RealGuest> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'holdfast-guest-')))
  if (options.folder === undefined) t.after(() => rm(folder, { recursive: true, force: true }))
  const disks = ['data0', 'data1'].map((name) => ({
    name,
    path: join(folder, `${name}.qcow2`),
    format: 'qcow2' as const,
  }))
  for (const { path, format } of disks)
    await makeGuestDisk(path, { format, sizeBytes: 64 * MIB, files: 4, fileBytes: MIB })
  const shape = { name: 'web', uuid: randomUUID(), folder, disks, asks: options.asks ?? [] }
  return { shape, command: guestCommand(await guestFiles(), shape) }
}

/** Runs until the test ends. */
export function startGuest(t: TestContext, { shape, command }: RealGuest): GuestVm {
  const vm = GuestVm.start(shape, command)
  t.after(() => vm.kill())
  return vm
}

const DEADLINE_MS = 20_000

export async function inGuest(path: string, command: string): Promise<string> {
  const channel = await AgentChannel.open(path, systemRandom)
  try {
    return await runInGuest(channel, '/bin/sh', ['-c', command], DEADLINE_MS)
  } finally {
    channel.close()
  }
}

/** A Holdfast that protects one guest, which runs and writes. */
export async function guestScene(t: TestContext, asks: readonly string[]) {
  const scene = await Scene.open(t, { hosts: [] })
  const guest = await makeGuest(t, { asks, folder: scene.holdfast.folder })
  const vm = startGuest(t, guest)
  const file = join(scene.holdfast.folder, 'web.yaml')
  await writeFile(file, guestDeclaration(guest.shape, guest.command))
  await vm.ready()
  await scene.holdfast.startAgent('alpha', {}, ['--vm', file])
  await scene.sources('alpha/web')
  return { scene, guest, vm, declaration: file }
}
