import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { qemuImg } from '../support/images.ts'
import type { LibvirtDaemon } from '../../scripts/libvirt/libvirt-daemon.ts'

export interface TestDisk {
  readonly target: string
  readonly bus?: 'virtio' | 'sata' | 'scsi'
  readonly format: 'qcow2' | 'raw'
  readonly sizeBytes: number
}

export interface DomainShape {
  readonly name: string
  readonly uuid: string
  readonly folder: string
  readonly disks: readonly TestDisk[]
  /** More of `<os>`, of `<devices>`, and before `<devices>`. */
  readonly os?: string
  readonly devices?: string
  readonly more?: string
  readonly memoryMiB?: number
}

export function imageOf({ folder, name }: DomainShape, { target, format }: TestDisk): string {
  return path.join(folder, `${name.replaceAll(/\W/g, '')}-${target}.${format}`)
}

/** Emulated, whatever the machine promises; without a system in it, unless `os` names one. */
export function domainXml(shape: DomainShape): string {
  const disks = shape.disks.map(
    (disk) => `<disk type='file' device='disk'>
      <driver name='qemu' type='${disk.format}'/><source file='${imageOf(shape, disk)}'/>
      <target dev='${disk.target}' bus='${disk.bus ?? 'virtio'}'/></disk>`,
  )
  return `<domain type='qemu'><name>${shape.name.replaceAll('<', '&lt;')}</name><uuid>${shape.uuid}</uuid>
    <memory unit='MiB'>${shape.memoryMiB ?? 32}</memory><vcpu>1</vcpu>
    <os><type arch='x86_64' machine='q35'>hvm</type>${shape.os ?? ''}</os>
    <features><acpi/></features><cpu mode='maximum'/>${shape.more ?? ''}
    <devices>${disks.join('\n')}<video><model type='none'/></video>
    ${shape.devices ?? ''}</devices></domain>`
}

/** Its images made, defined, not started. */
export async function makeDomain(
  daemon: LibvirtDaemon,
  options: Omit<DomainShape, 'uuid'> & { readonly uuid?: string },
): Promise<DomainShape> {
  const shape = { uuid: randomUUID(), ...options }
  for (const disk of shape.disks)
    await qemuImg('create', '-q', '-f', disk.format, imageOf(shape, disk), `${disk.sizeBytes}`)
  await daemon.define(domainXml(shape))
  return shape
}
