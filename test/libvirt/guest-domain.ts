import path from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { GuestAgent } from '../../agent/guest/guest-agent.ts'
import { GuestFailure } from '../../agent/guest/guest-failure.ts'
import { openAgent } from '../../agent/guest/open-agent.ts'
import { runInGuest } from '../../agent/guest/guest-files.ts'
import { domainAddress } from '../../agent/libvirt/domain-address.ts'
import { guestSays } from '../../scripts/demo/guest.ts'
import { makeGuestDisk } from '../../scripts/guest/guest-disk.ts'
import { guestFiles } from '../../scripts/guest/guest-files.ts'
import { lacksTool } from '../support/needs.ts'
import { imageOf, makeDomain, type DomainShape } from './domain.ts'
import type { LibvirtDaemon } from '../../scripts/libvirt/libvirt-daemon.ts'
import { lacksLibvirt } from './daemon.ts'

const MIB = 2 ** 20
const DEADLINE_MS = 30_000

/** Guests under libvirt need what emulated guests are made of, too. */
export function lacksGuestDomains(t: TestContext): boolean {
  return lacksLibvirt(t) || lacksTool(t, 'apt-get') || lacksTool(t, 'cpio')
}

export function consoleOf({ folder, name }: Pick<DomainShape, 'folder' | 'name'>): string {
  return path.join(folder, `${name}.console`)
}

/** A guest with two disks of files, a guest agent and a network card; started, and ready. */
export async function guestDomain(
  daemon: LibvirtDaemon,
  folder: string,
  asks: readonly string[] = [],
): Promise<DomainShape> {
  const { kernel, initrd } = await guestFiles()
  const cmdline = ['console=ttyS0', 'quiet', 'panic=-1', ...asks].join(' ')
  const disks = ['vda', 'vdb'].map((target) => {
    return { target, format: 'qcow2' as const, sizeBytes: 64 * MIB }
  })
  const vm = await makeDomain(daemon, {
    ...{ name: 'web', folder, disks, memoryMiB: 256 },
    os: `<kernel>${kernel}</kernel><initrd>${initrd}</initrd><cmdline>${cmdline}</cmdline>`,
    devices: `<serial type='file'><source path='${consoleOf({ folder, name: 'web' })}'/></serial>
      <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
      <interface type='user'><mac address='52:54:00:12:34:56'/><model type='virtio'/></interface>`,
  })
  for (const disk of vm.disks)
    await makeGuestDisk(imageOf(vm, disk), {
      ...{ format: 'qcow2', sizeBytes: 64 * MIB, files: 4, fileBytes: MIB },
    })
  await daemon.virsh('start', vm.name)
  await guestSays(consoleOf(vm), /^READY/m)
  return vm
}

export async function inDomain(
  { uri }: LibvirtDaemon,
  uuid: string,
  command: string,
): Promise<string> {
  const agent = await openAgent(domainAddress({ uri, uuid }))
  try {
    await untilAnswering(agent)
    return await runInGuest(agent, '/bin/sh', ['-c', command], DEADLINE_MS)
  } finally {
    agent.close()
  }
}

/** What a guest says on its console can be here before libvirt has seen its agent's channel open. */
async function untilAnswering(agent: GuestAgent): Promise<void> {
  const end = performance.now() + DEADLINE_MS
  for (;;)
    try {
      return void (await agent.call('guest-ping', {}, DEADLINE_MS))
    } catch (error) {
      const waits = error instanceof GuestFailure && error.reason === 'not-installed'
      if (!waits || performance.now() > end) throw error
      await wait(100)
    }
}
