import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import test, { type TestContext } from 'node:test'
import type { PointAnswer, StartedAnswer } from '../support/answers.ts'
import { qemuImg, qemuIo } from '../support/images.ts'
import { lacksTool } from '../support/needs.ts'
import { folderOn } from '../support/reflink-folder.ts'
import { Scene, until } from '../support/scene.ts'
import { lacksLibvirt, startLibvirt } from './daemon.ts'
import { makeDomain } from './domain.ts'
import { makeMute, makeStandby, pausedInstead, standbyWaits } from './settings.ts'

const MIB = 2 ** 20
const VDC = '/machine/peripheral/virtio-disk2/virtio-backend'

function modes({ disks }: PointAnswer) {
  return disks.map(({ name, transferMode, transferReason }) => [name, transferMode, transferReason])
}

/** An NBD server with one export, for as many clients as come. */
async function serve(t: TestContext, folder: string): Promise<string> {
  const [image, socket] = [path.join(folder, 'far.raw'), path.join(folder, 'far.nbd')]
  await qemuImg('create', '-q', '-f', 'raw', image, String(2 * MIB))
  const words = ['--persistent', '--shared=0', '--format=raw', '--export-name=far']
  const server = spawn('qemu-nbd', [...words, `--socket=${socket}`, image], { stdio: 'ignore' })
  t.after(async () => {
    server.kill('SIGKILL')
    if (server.exitCode === null && server.signalCode === null) await once(server, 'exit')
  })
  await until('the NBD server', () => stat(socket).catch(() => undefined))
  return socket
}

/** A guest that writes the beginning of a qcow2, which names another file, into its raw disk. */
async function disguise(raw: string, folder: string): Promise<void> {
  const [bait, disguised] = [path.join(folder, 'bait.raw'), path.join(folder, 'disguise.qcow2')]
  await qemuImg('create', '-q', '-f', 'raw', bait, String(MIB))
  await qemuImg('create', '-q', '-f', 'qcow2', '-b', bait, '-F', 'raw', disguised)
  const file = await open(raw, 'r+')
  await file.write(await readFile(disguised))
  await file.close()
}

test('VMs of libvirt: volumes, disks beyond the network, a mute guest, a standby replica', async (t) => {
  if (lacksLibvirt(t) || lacksTool(t, 'qemu-nbd')) return
  const pool = await folderOn(t, 'xfs')
  if (pool === undefined) return
  const scene = await Scene.open(t, { hosts: [], serverArgs: ['--sample', '0'] })
  const { holdfast } = scene
  const daemon = await startLibvirt(t)
  const volume = path.join(pool, 'db.raw')
  await daemon.virsh('pool-define-as', 'images', 'dir', '--target', pool)
  await daemon.virsh('pool-start', 'images')
  await daemon.virsh('vol-create-as', 'images', 'db.raw', '4M', '--format', 'raw')
  await disguise(volume, holdfast.folder)
  await daemon.virsh('pool-refresh', 'images')
  assert.match(await daemon.virsh('vol-dumpxml', 'db.raw', 'images'), /format type='qcow2'/)
  const socket = await serve(t, holdfast.folder)
  await makeDomain(daemon, {
    ...{ name: 'db', folder: holdfast.folder },
    disks: [{ target: 'vda', format: 'qcow2', sizeBytes: 2 * MIB }],
    devices: `<disk type='volume' device='disk'><driver name='qemu' type='raw'/>
        <source pool='images' volume='db.raw'/><target dev='vdb' bus='virtio'/></disk>
      <disk type='network' device='disk'><driver name='qemu' type='raw'/>
        <source protocol='nbd' name='far'><host transport='unix' socket='${socket}'/></source>
        <target dev='vdc' bus='virtio'/></disk>`,
  })
  await makeMute(daemon, holdfast.folder)
  await makeStandby(daemon, holdfast.folder)
  await holdfast.startAgent('alpha', {}, ['--libvirt', daemon.uri])
  const [source] = await scene.sources('alpha/db', 'alpha/mute', 'alpha/standby')
  const network =
    'network-disk: nbd storage is read through the running VM only (start it, its points have this disk)'
  assert.deepEqual(
    source?.disks.map(({ name, format, sizeBytes, reason }) => [name, format, sizeBytes, reason]),
    [
      ['vda', 'qcow2', 2 * MIB, 'no-recovery-point'],
      ['vdb', 'raw', 4 * MIB, 'no-recovery-point'],
      ['vdc', 'raw', 0, network],
    ],
  )

  await t.test('off: the volume is read as the domain says, and tracked by its clone', async () => {
    const { json } = await holdfast.ok<StartedAnswer[]>('point', 'create', 'alpha/db')
    assert.deepEqual(json[0]?.warnings, [`disk vdc is not in the point: ${network}`])
    await qemuIo(volume, 'raw', `write -P 5 ${MIB} 512`)
    const point = await scene.point('alpha/db')
    assert.deepEqual(modes(point), [
      ['vda', 'tracked', null],
      ['vdb', 'tracked', null],
    ])
    const restored = await scene.restored(point.id, ['--disk', 'vdb'])
    assert.ok((await readFile(restored)).equals(await readFile(volume)))
  })

  await t.test('running: the disk beyond the network has points like any other', async () => {
    await daemon.virsh('start', 'db')
    await daemon.write('db', VDC, 0x33, MIB, 512)
    const first = await scene.point('alpha/db')
    assert.deepEqual(modes(first), [
      ['vda', 'tracked', null],
      ['vdb', 'compared', 'bitmap-absent'],
      ['vdc', 'initial', 'new-disk'],
    ])
    await daemon.write('db', VDC, 0x44, MIB, 512)
    const second = await scene.point('alpha/db')
    assert.deepEqual(modes(second)[2], ['vdc', 'tracked', null])
    const restored = await scene.restored(second.id, ['--disk', 'vdc', '--format', 'raw'])
    assert.ok(
      (await readFile(restored)).equals(await readFile(path.join(holdfast.folder, 'far.raw'))),
    )
  })

  await t.test('a pool that was stopped is the reason only while the VM is off', async () => {
    await daemon.virsh('pool-destroy', 'images')
    assert.deepEqual(modes(await scene.point('alpha/db'))[1], ['vdb', 'tracked', null])
    await daemon.virsh('destroy', 'db')
    const reason = await scene.offered('the volume that is missing', (all) =>
      all
        .find(({ name }) => name === 'alpha/db')
        ?.disks.map((disk) => disk.reason)
        .find((text) => text?.startsWith('volume-missing')),
    )
    assert.match(reason ?? '', /virsh pool-start images/)
  })
  await pausedInstead(t, scene, daemon)
  await standbyWaits(t, scene)
})
