import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import test from 'node:test'
import type { PointAnswer, SourceAnswer, StartedAnswer } from '../support/answers.ts'
import { guestContent, qemuImg, temporaryFolder } from '../support/images.ts'
import { lacksTool } from '../support/needs.ts'
import { Scene } from '../support/scene.ts'
import { BareMachine } from '../support/bare-machine.ts'
import { StorageDaemon } from '../support/storage-daemon.ts'
import { Tracking } from './tracking.ts'

const MIB = 2 ** 20
const GRANULE = 65_536

test('disks that grow, come, go and cannot be protected are followed and told', async (t) => {
  if (lacksTool(t, 'qemu-system-x86_64')) return
  const scene = await Scene.open(t, { hosts: [] })
  const { holdfast } = scene
  const vm = new BareMachine(
    holdfast.folder,
    'db',
    [
      { name: 'vda', format: 'qcow2', sizeBytes: 4 * MIB },
      { name: 'vdb', format: 'qcow2', sizeBytes: 2 * MIB },
    ],
    '0b0e7c52-6f0c-4b32-9d87-0f4f9b0a1c33',
  )
  await vm.makeImages()
  const iso = holdfast.path('cd.iso')
  await qemuImg('create', '-q', '-f', 'raw', iso, '1M')
  const file = `driver=file,filename=${iso},read-only=on`
  await vm.run(t, [
    ...['-blockdev', `${file},node-name=cd`, '-device', 'ide-cd,id=cd0,drive=cd'],
    ...['-blockdev', `${file},node-name=ro`, '-device', 'virtio-blk-pci,id=ro0,drive=ro'],
    ...['-device', 'pcie-root-port,id=slot1,slot=1'],
  ])
  await vm.write('vda', 0x11, 0, MIB)
  await holdfast.startAgent('alpha', {}, ['--vm', await vm.declare()])
  const [source] = await scene.sources('alpha/db')
  const reasons = source?.disks.map(({ name, reason }) => `${name}: ${reason ?? ''}`)
  assert.deepEqual(reasons?.sort(), [
    'cd0: read-only-medium: a CD or DVD',
    'ro0: read-only: nothing in it changes',
    'vda: no-recovery-point',
    'vdb: no-recovery-point',
  ])
  const { json } = await holdfast.ok<StartedAnswer[]>('point', 'create', 'alpha/db')
  assert.deepEqual(json[0]?.warnings, [
    'disk ro0 is not in the point: read-only: nothing in it changes',
  ])

  const table = ({ disks }: PointAnswer) =>
    disks.map(({ name, transferMode, transferReason }) => [name, transferMode, transferReason])
  await t.test('one grows', async () => {
    await vm.qmp('block_resize', { 'node-name': 'node-vda', size: 6 * MIB })
    await vm.write('vda', 0x22, 5 * MIB, 512)
    const point = await scene.point('alpha/db')
    assert.deepEqual(table(point), [
      ['vda', 'compared', 'size-changed'],
      ['vdb', 'tracked', null],
    ])
    const { answer } = await scene.tryRestore(point.id, ['--format', 'raw'])
    const expected = Buffer.alloc(6 * MIB)
      .fill(0x11, 0, MIB)
      .fill(0x22, 5 * MIB, 5 * MIB + 512)
    assert.ok((await readFile(answer.json.files[0] ?? '')).equals(expected))
  })

  await t.test('one comes, and goes', async () => {
    const path = holdfast.path('hot.qcow2')
    await qemuImg('create', '-q', '-f', 'qcow2', path, String(MIB))
    const node = { driver: 'qcow2', 'node-name': 'hot', file: { driver: 'file', filename: path } }
    await vm.qmp('blockdev-add', node)
    await vm.qmp('device_add', { driver: 'virtio-blk-pci', id: 'vdz', drive: 'hot', bus: 'slot1' })
    await scene.offered('the new disk', (all: readonly SourceAnswer[]) =>
      all[0]?.disks.find(({ name }) => name === 'vdz'),
    )
    const point = await scene.point('alpha/db')
    assert.deepEqual(table(point).at(-1), ['vdz', 'initial', 'new-disk'])
    await vm.kill('SIGTERM')
  })

  await t.test('off, with the disks that it was last seen with', async () => {
    const point = await scene.point('alpha/db')
    assert.equal(point.consistency, 'cold')
    assert.deepEqual(
      table(point).map(([, mode]) => mode),
      ['tracked', 'tracked', 'tracked'],
    )
  })
})

async function tracked(t: import('node:test').TestContext) {
  const folder = await temporaryFolder(t)
  const vm = await StorageDaemon.start(t, folder, 'web', [
    { name: 'vda', format: 'qcow2', sizeBytes: 2 * MIB },
  ])
  const guest = await vm.guest('vda')
  t.after(() => guest.close())
  await guest.write(0, guestContent('first', MIB))
  const tracking = new Tracking(folder, await vm.declare())
  await tracking.take()
  return { vm, tracking, guest }
}

test('an overlay that somebody puts on the disk: its bitmap stayed below', async (t) => {
  if (lacksTool(t, 'qemu-storage-daemon')) return
  const { vm, tracking, guest } = await tracked(t)
  const overlay = `${vm.folder}/overlay.qcow2`
  await qemuImg('create', '-q', '-f', 'qcow2', overlay, String(2 * MIB))
  const file = { driver: 'file', filename: overlay }
  await vm.qmp('blockdev-add', { driver: 'qcow2', 'node-name': 'over', file, backing: null })
  await vm.qmp('blockdev-snapshot', { node: 'vda-format', overlay: 'over' })
  await guest.write(3 * GRANULE, guestContent('over', 512))
  const point = await tracking.take()
  assert.equal(point.disks[0]?.reason, 'overlay-on-top')
  assert.ok(point.disks[0]?.bytes.equals(await vm.guestBytes('vda')))
  await guest.write(5 * GRANULE, guestContent('more', 512))
  const next = await tracking.take()
  assert.equal(next.disks[0]?.changedBytes, GRANULE)
})

test('an overlay that comes while the filter is in place stays when that goes', async (t) => {
  if (lacksTool(t, 'qemu-storage-daemon')) return
  const { vm, tracking, guest } = await tracked(t)
  const overlay = `${vm.folder}/late.qcow2`
  await qemuImg('create', '-q', '-f', 'qcow2', overlay, String(2 * MIB))
  const file = { driver: 'file', filename: overlay }
  const lease = await tracking.context.monitors.lease(vm.qmpSocket)
  const { qmp } = lease
  const point = await tracking.take(async () => {
    const late = { driver: 'qcow2', 'node-name': 'late', file, backing: null }
    await qmp.execute('blockdev-add', late)
    // QEMU may refuse it while the filter is there, or put it below: both are right.
    await qmp
      .execute('blockdev-snapshot', { node: 'vda-format', overlay: 'late' })
      .catch(() => undefined)
    await guest.write(7 * GRANULE, guestContent('late', 512))
  })
  await lease.release()
  assert.ok(point.disks[0]?.increment?.equals(point.disks[0].bytes))
  const bytes = await vm.guestBytes('vda')
  assert.ok(bytes.subarray(7 * GRANULE, 7 * GRANULE + 512).equals(guestContent('late', 512)))
  assert.ok((await tracking.take()).disks[0]?.bytes.equals(bytes))
})

test('an internal snapshot cannot be gone back to while a bitmap would not know', async (t) => {
  if (lacksTool(t, 'qemu-storage-daemon')) return
  const { vm, tracking } = await tracked(t)
  const image = vm.image('vda')
  await vm.kill('SIGTERM')
  await qemuImg('snapshot', '-c', 'before', image)
  await assert.rejects(qemuImg('snapshot', '-a', 'before', image), /active dirty bitmaps/)
  const name = tracking.context.names.of(tracking.last?.versionUid ?? '', 'vda')
  await qemuImg('bitmap', '--remove', '-f', 'qcow2', image, name)
  await qemuImg('snapshot', '-a', 'before', image)
  assert.equal((await tracking.take()).disks[0]?.reason, 'bitmap-absent')
})

test('a qcow2 whose data lies in another file is compared, and so is one that is too old', async (t) => {
  if (lacksTool(t, 'qemu-storage-daemon')) return
  for (const [option, reason] of [
    ['data_file=%.data', 'external-data-file'],
    ['compat=0.10', 'bitmap-absent'],
  ] as const) {
    const folder = await temporaryFolder(t)
    const vm = new StorageDaemon(folder, 'web', [
      { name: 'vda', format: 'qcow2', sizeBytes: 2 * MIB },
    ])
    const image = vm.image('vda')
    const given = option.replace('%', image)
    await qemuImg('create', '-q', '-f', 'qcow2', '-o', given, image, String(2 * MIB))
    t.after(() => vm.kill())
    await vm.run()
    const tracking = new Tracking(folder, await vm.declare())
    await tracking.take()
    await vm.kill('SIGTERM')
    await vm.run()
    assert.equal((await tracking.take()).disks[0]?.reason, reason, option)
  }
})
