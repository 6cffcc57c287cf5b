import assert from 'node:assert/strict'
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import test from 'node:test'
import type { RestoreAnswer } from '../support/answers.ts'
import { loopDevice } from '../support/loop-device.ts'
import { CHUNK, rewriteChunk, writeRawDisk } from '../support/raw-disk.ts'
import { Scene } from '../support/scene.ts'

test('several disks, block devices, and images that come and go', async (t) => {
  const scene = await Scene.open(t, { hosts: [] })
  const { holdfast } = scene
  const [a, b] = [holdfast.path('disks', 'a.raw'), holdfast.path('disks', 'b.raw')]
  await mkdir(holdfast.path('disks'))
  await writeRawDisk(a, { chunks: 9, tail: 512, seed: 11 })
  await writeRawDisk(b, { chunks: 12, tail: 1024, seed: 22 })
  const behind = holdfast.path('disks', 'behind')
  await writeRawDisk(behind, { chunks: 17, tail: 4096, seed: 33 })
  const device = await loopDevice(t, behind)
  const declared = ['--source', `web=${a},${b}`]
  if (device !== undefined) declared.push('--source', `vault=${device}`)
  await holdfast.startAgent('alpha', {}, [...scene.agentArgs, ...declared])

  await t.test('a data source of several disks is taken and restored as one', async () => {
    await scene.sources('alpha/web')
    const before = [await readFile(a), await readFile(b)]
    const first = await scene.point('alpha/web')
    assert.deepEqual(
      first.disks.map(({ name }) => name),
      ['a.raw', 'b.raw'],
    )
    assert.equal(first.sizeBytes, 8 * CHUNK + 512 + 11 * CHUNK + 1024)
    await rewriteChunk(b, 7, 99)
    const second = await scene.point('alpha/web')
    assert.ok(second.sentBytes < 2 * CHUNK, `sent ${second.sentBytes}`)

    const { answer } = await scene.tryRestore(first.id)
    assert.equal(answer.status, 0, answer.stderr)
    const restored = await Promise.all(answer.json.files.map((file) => readFile(file)))
    assert.equal(restored.length, 2)
    for (const [at, bytes] of restored.entries())
      assert.ok(before[at]?.equals(bytes), `disk ${at} is as it was`)
    const one = await scene.tryRestore(first.id, ['--disk', 'b.raw'])
    assert.equal(one.answer.json.files.length, 1)
    assert.ok((await readFile(one.answer.json.files[0] ?? '')).equals(before[1] ?? Buffer.of()))

    const after = [await readFile(a), await readFile(b)]
    await writeFile(a, 'lost')
    await rm(b)
    await holdfast.ok('restore', second.id, '--original', '--yes')
    assert.ok((await readFile(a)).equals(after[0] ?? Buffer.of()))
    assert.ok((await readFile(b)).equals(after[1] ?? Buffer.of()))
  })

  await t.test('a block device is protected, and restored in place', async () => {
    if (device === undefined) return
    await scene.sources('alpha/vault')
    const before = await readFile(behind)
    const point = await scene.point('alpha/vault')
    assert.equal(point.consistency, 'cold')
    assert.equal(point.sizeBytes, 16 * CHUNK + 4096)
    const handle = await open(device, 'r+')
    await handle.write(Buffer.alloc(3 * CHUNK, 0xee), 0, 3 * CHUNK, 2 * CHUNK + 100)
    await handle.sync()
    await handle.close()
    const second = await scene.point('alpha/vault')
    assert.equal(second.disks[0]?.transferMode, 'compared')
    const args = ['restore', point.id, '--original', '--yes']
    const { json } = await holdfast.ok<RestoreAnswer>(...args)
    assert.deepEqual(json.files, [device])
    const back = await open(device)
    const bytes = Buffer.alloc(before.length)
    await back.read(bytes, 0, bytes.length, 0)
    await back.close()
    assert.ok(bytes.equals(before), 'the device is as it was')
    const file = await readFile(await scene.restored(second.id, ['--format', 'raw']))
    assert.equal(file.readUInt8(2 * CHUNK + 100), 0xee)
  })

  await t.test('new and vanished images appear without a restart', async () => {
    await writeRawDisk(scene.image('one.raw'), { chunks: 3, tail: 512, seed: 1 })
    await scene.sources('alpha/one.raw')
    await mkdir(scene.image('deep'))
    await rename(scene.image('one.raw'), scene.image('deep/two.raw'))
    await scene.sources('alpha/deep/two.raw')
    await scene.offered('the vanished image', (all) =>
      all.find(({ name, state }) => name === 'alpha/one.raw' && state === 'missing'),
    )
    const { status, json } = await scene.create('alpha/one.raw')
    assert.equal(status, 1)
    assert.equal(json[0]?.error?.code, 'source-missing')
  })
})
