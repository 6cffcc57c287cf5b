import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import test from 'node:test'
import { guestContent } from '../support/images.ts'
import { lacksTool } from '../support/needs.ts'
import { Scene } from '../support/scene.ts'
import { StorageDaemon } from '../support/storage-daemon.ts'

const CHUNK = 128 * 1024
const SIZE = 24 * 2 ** 20 + 4096

test('a running VM: points at one instant, and the second sends what changed', async (t) => {
  if (lacksTool(t, 'qemu-storage-daemon')) return
  const scene = await Scene.open(t, { hosts: [] })
  const { holdfast } = scene
  const vm = await StorageDaemon.start(t, holdfast.folder, 'web', [
    { name: 'vda', format: 'qcow2', sizeBytes: SIZE },
    { name: 'vdb', format: 'raw', sizeBytes: SIZE / 2 },
  ])
  await holdfast.startAgent('alpha', {}, ['--vm', await vm.declare()])
  await scene.sources('alpha/web')
  const guest = await vm.guest('vda')
  await guest.write(0, guestContent('first', 8 * 2 ** 20))
  const other = await vm.guest('vdb')
  await other.write(CHUNK, guestContent('other', 3 * CHUNK))

  const first = await scene.point('alpha/web')
  assert.equal(first.consistency, 'crash')
  assert.deepEqual(
    first.disks.map(({ name, transferMode }) => [name, transferMode]),
    [
      ['vda', 'initial'],
      ['vdb', 'initial'],
    ],
  )
  const before = [await vm.guestBytes('vda'), await vm.guestBytes('vdb')]
  await guest.write(9 * CHUNK + 512, guestContent('changed', 1000))
  await guest.writeZeroes(3 * CHUNK, CHUNK)
  const second = await scene.point('alpha/web')
  assert.deepEqual(
    second.disks.map(({ transferMode, transferReason }) => [transferMode, transferReason]),
    [
      ['tracked', null],
      ['tracked', null],
    ],
  )
  assert.ok(second.sentBytes <= CHUNK, `sent ${second.sentBytes}`)
  const after = [await vm.guestBytes('vda'), await vm.guestBytes('vdb')]

  for (const [point, bytes] of [
    [first, before],
    [second, after],
  ] as const) {
    const { answer } = await scene.tryRestore(point.id, ['--format', 'raw'])
    assert.equal(answer.status, 0, answer.stderr)
    for (const [at, file] of answer.json.files.entries())
      assert.ok((await readFile(file)).equals(bytes[at] ?? Buffer.of()), `disk ${at} is as it was`)
  }
  const nodes = await vm.qmp<{ 'node-name': string }[]>('query-named-block-nodes', { flat: true })
  assert.deepEqual(
    nodes.map((node) => node['node-name']).filter((name) => name.startsWith('hf-')),
    [],
  )
  await guest.close()
  await other.close()
})
