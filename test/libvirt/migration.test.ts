import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import test from 'node:test'
import type { PointAnswer } from '../support/answers.ts'
import { Scene } from '../support/scene.ts'
import { makeDomain } from './domain.ts'
import { lacksLibvirt, startLibvirt } from './daemon.ts'

const MIB = 2 ** 20
const VDA = '/machine/peripheral/virtio-disk0/virtio-backend'

function modes({ disks }: PointAnswer) {
  return disks.map(({ transferMode, transferReason }) => [transferMode, transferReason])
}

/** Two libvirts on one shared image, an agent beside each. */
test('a VM that libvirt moves to another host: its history goes on', async (t) => {
  if (lacksLibvirt(t)) return
  const scene = await Scene.open(t, { hosts: [] })
  const { holdfast } = scene
  const alpha = await startLibvirt(t, 'alpha')
  const beta = await startLibvirt(t, 'beta')
  await makeDomain(alpha, {
    ...{ name: 'db', folder: holdfast.folder },
    disks: [{ target: 'vda', format: 'qcow2', sizeBytes: 8 * MIB }],
  })
  await alpha.virsh('start', 'db')
  await alpha.write('db', VDA, 0x10, 0, 3 * MIB)
  await holdfast.startAgent('alpha', {}, ['--libvirt', alpha.uri])
  await holdfast.startAgent('beta', {}, ['--libvirt', beta.uri])
  await scene.sources('alpha/db')
  // QEMU has migrated then, as far as it knows.
  await holdfast.ok('point', 'create', 'alpha/db', '--memory')
  await alpha.write('db', VDA, 0x20, MIB, 512)

  await t.test('live: the bitmap travels', async () => {
    const migration = `unix://${path.join(beta.folder, 'migration')}`
    const options = ['--live', '--unsafe', '--persistent', '--undefinesource']
    await alpha.virsh('migrate', ...options, 'db', beta.uri, '--migrateuri', migration)
    await beta.write('db', VDA, 0x30, 2 * MIB, 512)
    await scene.sources('beta/db')
    const point = await scene.point('beta/db')
    assert.deepEqual(modes(point), [['tracked', null]])
    assert.ok(point.sentBytes < 3 * 128 * 1024, `sent ${point.sentBytes}`)
    const { json } = await holdfast.ok<PointAnswer[]>('point', 'list', '--source', 'beta/db')
    assert.equal(json.length, 2, 'one history')
    const bytes = await readFile(
      await scene.restored(point.id, ['--format', 'raw', '--disk', 'vda'], 'beta'),
    )
    const expected = Buffer.alloc(8 * MIB).fill(0x10, 0, 3 * MIB)
    expected.fill(0x20, MIB, MIB + 512).fill(0x30, 2 * MIB, 2 * MIB + 512)
    assert.ok(bytes.equals(expected))
  })

  await t.test('stopped, and started on the other host: the bitmap lies in the image', async () => {
    const xml = await beta.virsh('dumpxml', '--inactive', 'db')
    await beta.virsh('destroy', 'db')
    await beta.virsh('undefine', 'db')
    await alpha.define(xml)
    await alpha.virsh('start', 'db')
    await alpha.write('db', VDA, 0x40, 4 * MIB, 512)
    await scene.sources('alpha/db')
    const point = await scene.point('alpha/db')
    assert.equal(point.disks[0]?.transferMode, 'tracked')
    const { json } = await holdfast.ok<PointAnswer[]>('point', 'list', '--source', 'alpha/db')
    assert.equal(json.length, 3)
  })
})
