import assert from 'node:assert/strict'
import { readFile, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import test from 'node:test'
import { requireClean } from '../hypervisor/vm-state.ts'
import type { PointAnswer } from '../support/answers.ts'
import { qemuImg } from '../support/images.ts'
import { Scene } from '../support/scene.ts'
import { makeDomain } from './domain.ts'
import { lacksLibvirt, startLibvirt } from './daemon.ts'

const MIB = 2 ** 20
const CHUNK = 128 * 1024
const VDA = '/machine/peripheral/virtio-disk0/virtio-backend'
const SDA = '/machine/peripheral/sata0-0-0'

function modes({ disks }: PointAnswer) {
  return disks.map(({ name, transferMode, transferReason }) => [name, transferMode, transferReason])
}

test('a VM of libvirt: found, off and running, tracked, and left as it was', async (t) => {
  if (lacksLibvirt(t)) return
  const scene = await Scene.open(t, { hosts: [] })
  const { folder } = scene.holdfast
  const daemon = await startLibvirt(t)
  const [cd, common] = [path.join(folder, 'cd.iso'), path.join(folder, 'common.raw')]
  await writeFile(cd, Buffer.alloc(MIB))
  await writeFile(common, Buffer.alloc(MIB))
  const name = 'web <1>'
  const source = `alpha/${name}`
  const vm = await makeDomain(daemon, {
    ...{ name, folder },
    disks: [
      { target: 'vda', format: 'qcow2', sizeBytes: 8 * MIB },
      { target: 'sda', bus: 'sata', format: 'raw', sizeBytes: 4 * MIB },
    ],
    more: `<metadata><hf:vm xmlns:hf='urn:holdfast:vm'><hf:tag>gold</hf:tag></hf:vm></metadata>`,
    devices: `<disk type='file' device='cdrom'><source file='${cd}'/>
        <target dev='sdb' bus='sata'/><readonly/></disk>
      <disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='${common}'/>
        <target dev='vdb' bus='virtio'/><shareable/></disk>
      <disk type='file' device='cdrom'><target dev='sdc' bus='sata'/><readonly/></disk>`,
  })
  await scene.holdfast.startAgent('alpha', {}, ['--libvirt', daemon.uri])
  const [off] = await scene.sources(source)
  assert.equal(off?.powerState, 'off')
  assert.equal(off.uuid, vm.uuid)
  assert.deepEqual(
    off.disks.map((disk) => [disk.name, disk.format, disk.sizeBytes, disk.protected, disk.reason]),
    [
      ['vda', 'qcow2', 8 * MIB, false, 'no-recovery-point'],
      ['vdb', 'raw', 0, false, 'shared: other VMs may write to it'],
      ['sda', 'raw', 4 * MIB, false, 'no-recovery-point'],
      ['sdb', 'raw', 0, false, 'read-only-medium: a CD or DVD'],
    ],
  )
  const cold = await scene.point(source)
  assert.equal(cold.consistency, 'cold')
  assert.equal(cold.powerState, 'off')

  await daemon.virsh('start', name)
  await daemon.write(name, VDA, 0x11, 3 * CHUNK, 3 * CHUNK)
  await daemon.write(name, SDA, 0x22, CHUNK, 4096)
  const first = await scene.point(source)
  assert.deepEqual([first.consistency, first.powerState], ['crash', 'running'])
  assert.deepEqual(modes(first), [
    ['vda', 'tracked', null],
    ['sda', 'compared', 'bitmap-absent'],
  ])
  await daemon.write(name, VDA, 0x33, 4 * CHUNK, 512)
  await daemon.write(name, SDA, 0x44, 2 * CHUNK, 65536)
  const second = await scene.point(source)
  assert.deepEqual(modes(second), [
    ['vda', 'tracked', null],
    ['sda', 'tracked', null],
  ])
  assert.ok(second.sentBytes <= 2 * CHUNK, `sent ${second.sentBytes}`)
  await daemon.write(name, VDA, 0x55, 0, 2 * CHUNK)

  const { answer } = await scene.tryRestore(second.id, [
    '--format',
    'raw',
    '--disk',
    'vda',
    '--disk',
    'sda',
  ])
  assert.equal(answer.status, 0, answer.stderr)
  const [vda, sda] = await Promise.all(answer.json.files.map((file) => readFile(file)))
  const expected = Buffer.alloc(8 * MIB)
  expected.fill(0x11, 3 * CHUNK, 6 * CHUNK).fill(0x33, 4 * CHUNK, 4 * CHUNK + 512)
  assert.ok(vda?.equals(expected))
  const other = Buffer.alloc(4 * MIB)
  other.fill(0x22, CHUNK, CHUNK + 4096).fill(0x44, 2 * CHUNK, 2 * CHUNK + 65536)
  assert.ok(sda?.equals(other))

  const vm2 = {
    qmp: <T>(command: string, args?: Record<string, unknown>) => daemon.qmp<T>(name, command, args),
  }
  await requireClean(vm2, folder)
  assert.equal(await daemon.state(name), 'running')
  const blocks = await vm2.qmp<{ inserted?: { 'node-name': string } }[]>('query-block')
  assert.ok(blocks.every(({ inserted }) => /^libvirt-|^$/.test(inserted?.['node-name'] ?? '')))

  const more = path.join(folder, 'more.qcow2')
  await qemuImg('create', '-q', '-f', 'qcow2', more, `${2 * MIB}`)
  await daemon.virsh('attach-disk', name, more, 'vdc', '--subdriver', 'qcow2', '--live', '--config')
  await daemon.virsh('blockresize', name, 'vda', '9M')
  const sizes = await scene.offered('the disk that came and the one that grew', (all) => {
    const disks = all.find((one) => one.name === source)?.disks ?? []
    return disks.some((disk) => disk.name === 'vdc') &&
      disks.some((disk) => disk.sizeBytes === 9 * MIB)
      ? disks
      : undefined
  })
  assert.equal(sizes.length, 5)
  const third = await scene.point(source)
  assert.deepEqual(modes(third), [
    ['vda', 'compared', 'size-changed'],
    ['vdc', 'initial', 'new-disk'],
    ['sda', 'tracked', null],
  ])
  await daemon.virsh('destroy', name)
  await scene.offered('that it is off', (all) =>
    all.find((one) => one.name === source && one.powerState === 'off'),
  )
  const again = await scene.point(source)
  assert.deepEqual(modes(again).slice(0, 1), [['vda', 'tracked', null]])
  assert.equal(again.consistency, 'cold')
  await truncate(cd, 0)
})
