import assert from 'node:assert/strict'
import { copyFile, rename, writeFile } from 'node:fs/promises'
import test, { type TestContext } from 'node:test'
import { guestContent, qemuImg, qemuIo, temporaryFolder } from '../support/images.ts'
import { lacksTool } from '../support/needs.ts'
import { StorageDaemon } from '../support/storage-daemon.ts'
import { Tracking } from './tracking.ts'

const GRANULE = 65_536
const SIZE = 4 * 2 ** 20 + 512

interface Scene {
  readonly vm: StorageDaemon
  readonly tracking: Tracking
  readonly write: (offset: number, bytes: Buffer) => Promise<void>
  readonly image: string
}

/** One running VM with one qcow2, and a first point of it. */
async function scene(t: TestContext, format: 'qcow2' | 'raw' = 'qcow2'): Promise<Scene> {
  const folder = await temporaryFolder(t)
  const vm = await StorageDaemon.start(t, folder, 'web', [{ name: 'vda', format, sizeBytes: SIZE }])
  const tracking = new Tracking(folder, await vm.declare())
  const write = async (offset: number, bytes: Buffer) => {
    const guest = await vm.guest('vda')
    await guest.write(offset, bytes)
    await guest.flush()
    await guest.close()
  }
  await write(0, guestContent('first', 2 * 2 ** 20))
  await tracking.take()
  return { vm, tracking, write, image: vm.image('vda') }
}

function bitmapsOf(vm: StorageDaemon): Promise<string[]> {
  return vm
    .qmp<{ 'node-name': string; 'dirty-bitmaps'?: { name: string }[] }[]>(
      'query-named-block-nodes',
      { flat: true },
    )
    .then((nodes) =>
      nodes.flatMap((node) => (node['dirty-bitmaps'] ?? []).map(({ name }) => name)).sort(),
    )
}

test('what changed is counted, whatever is written while it is read', async (t) => {
  if (lacksTool(t, 'qemu-storage-daemon')) return
  const { tracking, write, vm } = await scene(t)
  await write(3 * GRANULE + 10, guestContent('a', 100))
  const expected = await vm.guestBytes('vda')
  const second = await tracking.take(() => write(7 * GRANULE, guestContent('meanwhile', GRANULE)))
  const [disk] = second.disks
  assert.equal(disk?.changedBytes, GRANULE)
  assert.ok(disk?.bytes.equals(expected), 'as of the instant')
  assert.ok(disk?.increment?.equals(expected), 'the increment says the same')
  const third = await tracking.take()
  assert.ok(third.disks[0]?.increment?.equals(await vm.guestBytes('vda')))
  assert.deepEqual(await bitmapsOf(vm), [tracking.context.names.of(third.versionUid, 'vda')])
})

test('zeros and discards count, and a cut point loses nothing', async (t) => {
  if (lacksTool(t, 'qemu-storage-daemon')) return
  const { tracking, write, vm } = await scene(t)
  const guest = await vm.guest('vda')
  await guest.writeZeroes(2 * GRANULE, GRANULE)
  await guest.trim(5 * GRANULE, 2 * GRANULE)
  await guest.close()
  await tracking.take(() => write(0, guestContent('x', 512)), 'fail')
  const lost = await tracking.take(() => write(9 * GRANULE, guestContent('y', 512)), 'lost-answer')
  assert.ok(lost.disks[0]?.increment?.equals(lost.disks[0].bytes))
  assert.equal((await bitmapsOf(vm)).length, 2, 'both stay until the server has said which counts')
  const next = await tracking.take()
  assert.ok(next.disks[0]?.increment?.equals(await vm.guestBytes('vda')))
  assert.equal(next.disks[0]?.changedBytes, GRANULE)
  assert.equal((await bitmapsOf(vm)).length, 1)
})

test('kill −9: a bitmap that was stored says it counts nothing, and is not believed', async (t) => {
  if (lacksTool(t, 'qemu-storage-daemon')) return
  const { tracking, write, vm } = await scene(t)
  await vm.kill('SIGTERM')
  await vm.run()
  await write(4 * GRANULE, guestContent('lost', 1000))
  await vm.kill('SIGKILL')
  await vm.run()
  const point = await tracking.take()
  assert.equal(point.disks[0]?.reason, 'bitmap-inconsistent')
  const next = await tracking.take()
  assert.equal(next.disks[0]?.reason, '')
  assert.deepEqual(await bitmapsOf(vm), [tracking.context.names.of(next.versionUid, 'vda')])
})

test('kill −9: a bitmap that was never stored is absent', async (t) => {
  if (lacksTool(t, 'qemu-storage-daemon')) return
  const { tracking, vm } = await scene(t)
  await vm.kill('SIGKILL')
  await vm.run()
  assert.equal((await tracking.take()).disks[0]?.reason, 'bitmap-absent')
})

test('off: the bitmap inside the qcow2, cold, and on from there when it runs again', async (t) => {
  if (lacksTool(t, 'qemu-storage-daemon')) return
  const { tracking, write, vm, image } = await scene(t)
  await write(GRANULE, guestContent('while it ran', 700))
  await vm.kill('SIGTERM')
  const off = await tracking.take()
  assert.equal(off.consistency, 'cold')
  assert.equal(off.disks[0]?.changedBytes, GRANULE)
  assert.ok(off.disks[0].increment?.equals(off.disks[0].bytes))
  await qemuIo(image, 'qcow2', 'write -P 7 131072 512')
  const again = await tracking.take()
  assert.equal(again.disks[0]?.changedBytes, GRANULE)
  assert.ok(again.disks[0].increment?.equals(again.disks[0].bytes))
  await vm.run()
  await write(20 * GRANULE, guestContent('on', 512))
  const running = await tracking.take()
  assert.equal(running.consistency, 'crash')
  assert.equal(running.disks[0]?.changedBytes, GRANULE)
  assert.ok(running.disks[0].increment?.equals(await vm.guestBytes('vda')))
})

test('off: an image that died while it was open is compared', async (t) => {
  if (lacksTool(t, 'qemu-storage-daemon')) return
  const { tracking, vm } = await scene(t)
  await vm.kill('SIGTERM')
  await vm.run()
  await vm.kill('SIGKILL')
  const off = await tracking.take()
  assert.equal(off.disks[0]?.reason, 'bitmap-inconsistent')
  assert.equal((await tracking.take()).disks[0]?.reason, '')
})

test('started while it is read as off: this attempt is worth nothing', async (t) => {
  if (lacksTool(t, 'qemu-storage-daemon')) return
  const { tracking, vm } = await scene(t)
  await vm.kill('SIGTERM')
  await assert.rejects(
    tracking.take(() => vm.run()),
    { code: 'vm-busy' },
  )
  assert.ok((await tracking.take()).disks[0]?.increment)
})

test('raw: a transient bitmap while it runs, none afterwards', async (t) => {
  if (lacksTool(t, 'qemu-storage-daemon')) return
  const { tracking, write, vm } = await scene(t, 'raw')
  await write(GRANULE, guestContent('r', 512))
  const second = await tracking.take()
  assert.equal(second.disks[0]?.changedBytes, GRANULE)
  assert.ok(second.disks[0].increment?.equals(second.disks[0].bytes))
  await vm.kill('SIGTERM')
  assert.equal((await tracking.take()).disks[0]?.reason, 'format-without-bitmaps')
  await vm.run()
  assert.equal((await tracking.take()).disks[0]?.reason, 'bitmap-absent')
})

test('rolled back to an older copy: its bitmap counts from another version', async (t) => {
  if (lacksTool(t, 'qemu-storage-daemon')) return
  const { tracking, write, vm, image } = await scene(t)
  await vm.kill('SIGTERM')
  await copyFile(image, `${image}.copy`)
  await vm.run()
  await write(0, guestContent('newer', 512))
  const newest = await tracking.take()
  await vm.kill('SIGTERM')
  await copyFile(`${image}.copy`, image)
  await vm.run()
  const view = await tracking.open()
  assert.ok(view.disks[0]?.tracker?.bases.every((uid) => uid !== newest.versionUid))
  await view.close()
})

test('somebody else’s bitmaps are not believed, and not touched', async (t) => {
  if (lacksTool(t, 'qemu-storage-daemon')) return
  const { tracking, vm, write } = await scene(t)
  const node = 'vda-format'
  const [ours = ''] = await bitmapsOf(vm)
  await vm.qmp('block-dirty-bitmap-add', { node, name: 'theirs', persistent: true })
  await vm.qmp('block-dirty-bitmap-remove', { node, name: ours })
  const other = new Tracking(vm.folder, tracking.file, 'server-another')
  assert.equal((await tracking.take()).disks[0]?.reason, 'foreign-bitmaps-only')
  assert.equal((await other.take()).disks[0]?.reason, 'foreign-bitmaps-only')
  await write(3 * GRANULE, guestContent('both', 512))
  const [mine, its] = [await tracking.take(), await other.take()]
  assert.ok(mine.disks[0]?.increment?.equals(await vm.guestBytes('vda')))
  assert.ok(its.disks[0]?.increment?.equals(await vm.guestBytes('vda')))
  assert.deepEqual(
    await bitmapsOf(vm),
    [
      other.context.names.of(its.versionUid, 'vda'),
      tracking.context.names.of(mine.versionUid, 'vda'),
      'theirs',
    ].sort(),
  )
})

test('two disks that change places: their bitmaps went with the images', async (t) => {
  if (lacksTool(t, 'qemu-storage-daemon')) return
  const folder = await temporaryFolder(t)
  const names = ['vda', 'vdb']
  const disks = names.map((name) => ({ name, format: 'qcow2', sizeBytes: SIZE }) as const)
  const vm = await StorageDaemon.start(t, folder, 'web', disks)
  for (const name of names) {
    const guest = await vm.guest(name)
    await guest.write(0, guestContent(name, 2 * 2 ** 20))
    await guest.close()
  }
  const tracking = new Tracking(folder, await vm.declare())
  const [a, b] = [vm.image('vda'), vm.image('vdb')]
  const change = async () => {
    await rename(a, `${a}.aside`)
    await rename(b, a)
    await rename(`${a}.aside`, b)
  }
  const reasons = async () => {
    const { disks: taken } = await tracking.take()
    for (const { name, bytes, increment } of taken)
      assert.ok(increment?.equals(bytes) ?? true, `an increment of ${name} is the whole change`)
    return taken.map(({ reason }) => reason)
  }
  await tracking.take()
  assert.deepEqual(await reasons(), ['', ''])
  await vm.kill('SIGTERM')
  await change()
  assert.deepEqual(await reasons(), ['bitmap-of-another-disk', 'bitmap-of-another-disk'])
  assert.deepEqual(await reasons(), ['', ''])
  await change()
  await vm.run()
  assert.deepEqual(await reasons(), ['bitmap-of-another-disk', 'bitmap-of-another-disk'])
  assert.deepEqual(await reasons(), ['', ''])
})

test('a bitmap of an earlier release, which does not say its disk, counts', async (t) => {
  if (lacksTool(t, 'qemu-storage-daemon')) return
  const { tracking, write, vm, image } = await scene(t)
  const [ours = ''] = await bitmapsOf(vm)
  const earlier = ours.split('.')[0] ?? ''
  const node = 'vda-format'
  await vm.qmp('block-dirty-bitmap-add', { node, name: earlier, persistent: true })
  await vm.qmp('block-dirty-bitmap-remove', { node, name: ours })
  await write(6 * GRANULE, guestContent('w', 512))
  const running = await tracking.take(undefined, 'fail')
  assert.ok(running.disks[0]?.increment?.equals(running.disks[0].bytes))
  await vm.kill('SIGTERM')
  await qemuIo(image, 'qcow2', 'write -P 7 131072 512')
  const off = await tracking.take()
  assert.equal(off.disks[0]?.changedBytes, 2 * GRANULE)
  assert.ok(off.disks[0].increment?.equals(off.disks[0].bytes))
})

test('a bitmap that does not record, or with another granularity', async (t) => {
  if (lacksTool(t, 'qemu-storage-daemon')) return
  const { tracking, vm } = await scene(t)
  const node = 'vda-format'
  const [name = ''] = await bitmapsOf(vm)
  await vm.qmp('block-dirty-bitmap-disable', { node, name })
  assert.equal((await tracking.take()).disks[0]?.reason, 'bitmap-not-recording')
  const [next = ''] = await bitmapsOf(vm)
  await vm.qmp('block-dirty-bitmap-remove', { node, name: next })
  await vm.qmp('block-dirty-bitmap-add', { node, name: next, granularity: 32_768 })
  assert.equal((await tracking.take()).disks[0]?.reason, 'bitmap-granularity')
})

test('another block job: busy, with its name', async (t) => {
  if (lacksTool(t, 'qemu-storage-daemon')) return
  const { tracking, vm, image } = await scene(t)
  await qemuImg('create', '-q', '-f', 'raw', `${image}.mirror`, String(SIZE))
  const file = { driver: 'file', filename: `${image}.mirror` }
  await vm.qmp('blockdev-add', { driver: 'raw', 'node-name': 'mirror', file })
  const job = { 'job-id': 'theirs', device: 'vda-format', target: 'mirror', sync: 'none' }
  await vm.qmp('blockdev-backup', job)
  await assert.rejects(tracking.take(), { code: 'vm-busy', message: /theirs/ })
  await vm.qmp('block-job-cancel', { device: 'theirs', force: true })
})

test('a standby replica is refused while its replication says so', async (t) => {
  if (lacksTool(t, 'qemu-storage-daemon')) return
  const { vm, tracking } = await scene(t)
  await vm.kill('SIGTERM')
  await vm.declare(
    `replicationStatus: "test ! -e ${vm.folder}/applying || { echo applying >&2; false; }"\n`,
  )
  await writeFile(`${vm.folder}/applying`, '')
  await assert.rejects(tracking.take(), { code: 'vm-busy', message: /applying/ })
})
