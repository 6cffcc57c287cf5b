import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import test from 'node:test'
import type { PointAnswer } from '../support/answers.ts'
import { guestContent } from '../support/images.ts'
import { lacksTool } from '../support/needs.ts'
import { Scene } from '../support/scene.ts'
import { StorageDaemon } from '../support/storage-daemon.ts'

const CHUNK = 128 * 1024
const SIZE = 6 * 2 ** 20 + 512

/** Writes below the node that has the bitmaps: the guest's disk changes, and no record knows. */
async function writeBehind(vm: StorageDaemon, offset: number, bytes: Buffer): Promise<void> {
  const image = vm.image('vda')
  const { open } = await import('node:fs/promises')
  const handle = await open(image, 'r+')
  await handle.write(bytes, 0, bytes.length, offset)
  await handle.close()
}

test('a change record that missed something is found, and the points since are suspect', async (t) => {
  if (lacksTool(t, 'qemu-storage-daemon')) return
  const scene = await Scene.open(t, { hosts: [], serverArgs: ['--audit', '0'] })
  const { holdfast } = scene
  const vm = await StorageDaemon.start(t, holdfast.folder, 'web', [
    { name: 'vda', format: 'raw', sizeBytes: SIZE },
  ])
  await holdfast.startAgent('alpha', {}, ['--vm', await vm.declare()])
  await scene.sources('alpha/web')
  const guest = await vm.guest('vda')
  await guest.write(0, guestContent('first', 5 * 2 ** 20))
  const modes = ({ disks }: PointAnswer) =>
    disks.map(({ transferMode, transferReason }) => [transferMode, transferReason])
  const states = async () => {
    const { json } = await holdfast.ok<PointAnswer[]>('point', 'list', '--source', 'alpha/web')
    return json.sort((a, b) => a.sequence - b.sequence).map(({ state }) => state)
  }

  await scene.point('alpha/web')
  await guest.write(3 * CHUNK, guestContent('second', 512))
  assert.deepEqual(modes(await scene.point('alpha/web')), [['tracked', null]])
  await writeBehind(vm, 20 * CHUNK + 100, Buffer.from('behind its back'))
  await guest.write(30 * CHUNK, guestContent('third', 512))
  assert.deepEqual(modes(await scene.point('alpha/web')), [['tracked', null]])

  await holdfast.server?.kill('SIGTERM')
  await holdfast.startServer({}, ['--audit', '1s'])
  const audited = await scene.point('alpha/web')
  assert.deepEqual(modes(audited), [['compared', 'scheduled-audit']])
  assert.deepEqual(await states(), ['ready', 'suspect', 'suspect', 'ready'])
  const bytes = await vm.guestBytes('vda')
  assert.ok((await readFile(await scene.restored(audited.id, ['--format', 'raw']))).equals(bytes))
  const { json: alerts } = await holdfast.ok<{ type: string; severity: string }[]>('alert', 'list')
  assert.ok(alerts.some(({ type }) => type === 'change-tracking-wrong'))
  await guest.close()
})

test('a sample finds it in the run itself, which then reads everything', async (t) => {
  if (lacksTool(t, 'qemu-storage-daemon')) return
  const scene = await Scene.open(t, { hosts: [], serverArgs: ['--audit', '0', '--sample', '100'] })
  const { holdfast } = scene
  const vm = await StorageDaemon.start(t, holdfast.folder, 'web', [
    { name: 'vda', format: 'raw', sizeBytes: SIZE },
  ])
  await holdfast.startAgent('alpha', {}, ['--vm', await vm.declare()])
  await scene.sources('alpha/web')
  const guest = await vm.guest('vda')
  await guest.write(0, guestContent('first', 5 * 2 ** 20))
  await scene.point('alpha/web')
  const second = await scene.point('alpha/web')
  assert.equal(second.disks[0]?.transferMode, 'tracked')
  assert.ok(second.sentBytes < 1000, `samples send no chunks: ${second.sentBytes}`)
  await writeBehind(vm, 20 * CHUNK + 100, Buffer.from('behind its back'))
  const third = await scene.point('alpha/web')
  assert.equal(third.disks[0]?.transferReason, 'audit-mismatch')
  const bytes = await vm.guestBytes('vda')
  assert.ok((await readFile(await scene.restored(third.id, ['--format', 'raw']))).equals(bytes))
  const fourth = await scene.point('alpha/web')
  assert.equal(fourth.disks[0]?.transferMode, 'tracked')
  await guest.close()
})
