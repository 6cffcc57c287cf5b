import { randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { guestSays } from '../../scripts/demo/guest.ts'
import { makeGuestDisk } from '../../scripts/guest/guest-disk.ts'
import { guestFiles } from '../../scripts/guest/guest-files.ts'
import {
  guestCommand,
  guestDeclaration,
  GuestVm,
  type GuestShape,
} from '../../scripts/guest/guest-vm.ts'
import { LibvirtDaemon } from '../../scripts/libvirt/libvirt-daemon.ts'

const MIB = 2 ** 20

/** A guest that runs, with a monitor of the bench's own beside the one that the agent uses. */
export interface WatchedGuest {
  readonly folder: string
  readonly agentArguments: readonly string[]
  /** Socket of the bench's monitor. */
  readonly watched: string
  end(): Promise<void>
}

/** What a guest that writes all the time is started with. */
export async function writerIn(folder: string): Promise<GuestShape> {
  await mkdir(folder, { recursive: true })
  const disks = ['data0', 'data1'].map((name) => ({
    ...{ name, path: path.join(folder, `${name}.qcow2`), format: 'qcow2' as const },
  }))
  for (const { path: file, format } of disks)
    await makeGuestDisk(file, { format, sizeBytes: 64 * MIB, files: 4, fileBytes: MIB })
  return { name: 'web', uuid: randomUUID(), folder, disks, asks: ['hf.writer'] }
}

/** By a QMP socket. */
export async function startDeclared(shape: GuestShape): Promise<WatchedGuest> {
  const { folder } = shape
  const start = guestCommand(await guestFiles(), shape)
  const declaration = path.join(folder, 'web.yaml')
  await writeFile(declaration, guestDeclaration(shape, start))
  const watched = path.join(folder, 'watched')
  const vm = GuestVm.start(shape, [...start, ...monitorAt(watched)])
  await vm.ready()
  return { folder, watched, agentArguments: ['--vm', declaration], end: () => vm.kill() }
}

/** Below a libvirt of its own. */
export async function startDomain(shape: GuestShape): Promise<WatchedGuest> {
  const { folder, name } = shape
  const daemon = await LibvirtDaemon.prepare('pause')
  const watched = path.join(folder, 'watched')
  const log = path.join(folder, 'console')
  try {
    await daemon.run()
    await daemon.define(await domainXml(shape, log, watched))
    await daemon.virsh('start', name)
    await guestSays(log, /^READY/m)
  } catch (error) {
    await daemon.dispose()
    throw error
  }
  const agentArguments = ['--libvirt', daemon.uri]
  return { folder, watched, agentArguments, end: () => daemon.dispose() }
}

function monitorAt(socket: string): string[] {
  return ['-qmp', `unix:${socket},server=on,wait=off`]
}

async function domainXml(shape: GuestShape, log: string, watched: string): Promise<string> {
  const { kernel, initrd } = await guestFiles()
  const { name, uuid, disks, asks = [] } = shape
  const cmdline = ['console=ttyS0', 'quiet', 'panic=-1', ...asks].join(' ')
  const disk = ({ path: file, format }: GuestShape['disks'][number], at: number) =>
    `<disk type='file' device='disk'><driver name='qemu' type='${format}'/><source file='${file}'/>
      <target dev='vd${'ab'[at]}' bus='virtio'/></disk>`
  const words = monitorAt(watched).map((word) => `<qemu:arg value='${word}'/>`)
  return `<domain type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
    <name>${name}</name><uuid>${uuid}</uuid><memory unit='MiB'>256</memory><vcpu>1</vcpu>
    <os><type arch='x86_64' machine='q35'>hvm</type>
      <kernel>${kernel}</kernel><initrd>${initrd}</initrd><cmdline>${cmdline}</cmdline></os>
    <devices>${disks.map(disk).join('')}<serial type='file'><source path='${log}'/></serial>
      <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
      <interface type='user'><model type='virtio'/></interface><video><model type='none'/></video></devices>
    <qemu:commandline>${words.join('')}</qemu:commandline></domain>`
}
