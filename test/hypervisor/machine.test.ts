import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import test from 'node:test'
import { lacksTool } from '../support/needs.ts'
import { BareMachine } from '../support/bare-machine.ts'
import { Scene } from '../support/scene.ts'

const CHUNK = 128 * 1024
const UUID = 'b9b6a1de-6c2e-4f0e-8d9c-51d3a7a8c0de'

test('a real QEMU: its devices get the filters, and nothing stays behind', async (t) => {
  if (lacksTool(t, 'qemu-system-x86_64')) return
  const scene = await Scene.open(t, { hosts: [] })
  const { holdfast } = scene
  const machine = new BareMachine(
    holdfast.folder,
    'db',
    [
      { name: 'vda', format: 'qcow2', sizeBytes: 8 * 2 ** 20 },
      { name: 'vdb', format: 'qcow2', sizeBytes: 4 * 2 ** 20 },
      { name: 'vdc', format: 'raw', sizeBytes: 2 * 2 ** 20 },
    ],
    UUID,
  )
  await machine.makeImages()
  await machine.run(t)
  await machine.write('vda', 0x11, 3 * CHUNK, 3 * CHUNK)
  await machine.write('vdb', 0x22, 0, 65536)
  await holdfast.startAgent('alpha', {}, ['--vm', await machine.declare()])
  const [source] = await scene.sources('alpha/db')
  assert.deepEqual(
    source?.disks.map(({ name, format }) => [name, format]),
    [
      ['vda', 'qcow2'],
      ['vdb', 'qcow2'],
      ['vdc', 'raw'],
    ],
  )
  await scene.point('alpha/db')
  await machine.write('vda', 0x33, 4 * CHUNK, 512)
  await machine.write('vdc', 0x44, CHUNK, 65536)
  const second = await scene.point('alpha/db')
  assert.deepEqual(
    second.disks.map(({ transferMode }) => transferMode),
    ['tracked', 'tracked', 'tracked'],
  )
  assert.ok(second.sentBytes <= 2 * CHUNK, `sent ${second.sentBytes}`)
  await machine.write('vda', 0x55, 0, 2 * CHUNK)

  const { answer } = await scene.tryRestore(second.id, ['--format', 'raw'])
  const [vda, vdb, vdc] = await Promise.all(answer.json.files.map((file) => readFile(file)))
  const expected = Buffer.alloc(8 * 2 ** 20)
  expected.fill(0x11, 3 * CHUNK, 6 * CHUNK).fill(0x33, 4 * CHUNK, 4 * CHUNK + 512)
  assert.ok(vda?.equals(expected))
  assert.ok(vdb?.equals(Buffer.alloc(4 * 2 ** 20).fill(0x22, 0, 65536)))
  assert.ok(vdc?.equals(Buffer.alloc(2 * 2 ** 20).fill(0x44, CHUNK, CHUNK + 65536)))

  assert.equal((await machine.qmp<{ status: string }>('query-status')).status, 'running')
  const devices = await machine.qmp<{ inserted: { 'node-name': string } }[]>('query-block')
  assert.deepEqual(
    devices.map(({ inserted }) => inserted['node-name']),
    ['node-vda', 'node-vdb', 'node-vdc'],
  )
  const nodes = await machine.qmp<{ 'node-name': string }[]>('query-named-block-nodes')
  assert.ok(nodes.every((node) => !node['node-name'].startsWith('hf-')))
})
