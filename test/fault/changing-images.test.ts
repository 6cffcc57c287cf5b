import assert from 'node:assert/strict'
import { mkdir, open, readFile, rename, truncate, writeFile } from 'node:fs/promises'
import test from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { PointAnswer } from '../support/answers.ts'
import { guestBytes, guestContent, makeImage } from '../support/images.ts'
import { lacksTool } from '../support/needs.ts'
import { CHUNK, rewriteChunk, writeRawDisk } from '../support/raw-disk.ts'
import { Scene } from '../support/scene.ts'

/** Restored as raw bytes, it is what it was. */
async function checkPoint(scene: Scene, point: PointAnswer, right: Buffer): Promise<void> {
  const file = await scene.restored(point.id, ['--format', 'raw'])
  assert.ok((await readFile(file)).equals(right), `${point.id} is what the disk was`)
}

test('images that change between points', async (t) => {
  const scene = await Scene.open(t)
  const image = scene.image('disk.raw')
  await writeRawDisk(image, { chunks: 12, tail: 1024, seed: 1 })
  await scene.sources('alpha/disk.raw')
  const made: [PointAnswer, Buffer][] = []
  const take = async () => {
    const point = await scene.point('alpha/disk.raw')
    made.push([point, await readFile(image)])
    const { transferMode, transferReason } = point.disks[0] ?? {}
    return { transferMode, transferReason, sizeBytes: point.sizeBytes, sent: point.sentBytes }
  }
  await take()

  await t.test('it grows, by no multiple of anything', async () => {
    await truncate(image, 14 * CHUNK + 777)
    await rewriteChunk(image, 12, 9)
    const { sent, ...how } = await take()
    const sizeBytes = 14 * CHUNK + 777
    assert.deepEqual(how, { transferMode: 'compared', transferReason: 'size-changed', sizeBytes })
    assert.ok(sent < 3 * CHUNK, `sent ${sent}`)
  })
  await t.test('it shrinks, to less than a chunk less', async () => {
    await truncate(image, 5 * CHUNK + 1)
    const { sent, ...how } = await take()
    const sizeBytes = 5 * CHUNK + 1
    assert.deepEqual(how, { transferMode: 'compared', transferReason: 'size-changed', sizeBytes })
    assert.ok(sent < 2 * CHUNK, `sent ${sent}`)
  })
  await t.test('another takes its place, with the same size and times', async () => {
    const other = scene.image('.other')
    await writeRawDisk(other, { chunks: 6, tail: 1, seed: 2 })
    await rename(other, image)
    const { transferMode, transferReason } = await take()
    assert.deepEqual([transferMode, transferReason], ['compared', 'no-tracker'])
  })
  await t.test('one byte', async () => {
    await writeFile(image, 'x')
    assert.equal((await take()).sizeBytes, 1)
  })
  await t.test('nothing at all is no disk, and makes no point', async () => {
    await truncate(image, 0)
    const { status, json } = await scene.create('alpha/disk.raw')
    assert.equal(status, 1)
    assert.equal(json[0]?.error?.code, 'source-not-protectable')
  })
  await t.test('all points are what the disk was, and stay it without the others', async () => {
    for (const [point, right] of made) await checkPoint(scene, point, right)
    const [, second] = made
    const ids = made.filter((one) => one !== second).map(([{ id }]) => id)
    for (const id of ids.slice(0, 2)) await scene.holdfast.ok('point', 'delete', id, '--yes')
    if (second) await checkPoint(scene, ...second)
  })
  await t.test('the same name, of another format', async () => {
    if (lacksTool(t, 'qemu-img') || lacksTool(t, 'qemu-nbd')) return
    const folder = scene.holdfast.path('formats')
    await mkdir(folder)
    // A declared source keeps its disk's name while its file becomes another.
    const guest = guestContent('other format', 10 * CHUNK + 512)
    const path = await makeImage(folder, 'plain.qcow2', guest)
    await rename(path, `${folder}/disk`)
    await writeFile(`${folder}/raw`, guest)
    const declared = (format: string, file: string) => ['--source', `moved=${format}:${file}`]
    await scene.restartAgentWith(declared('qcow2', `${folder}/disk`))
    await scene.sources('alpha/moved')
    await scene.point('alpha/moved')
    await rename(`${folder}/raw`, `${folder}/disk`)
    await scene.restartAgentWith(declared('raw', `${folder}/disk`))
    const point = await scene.point('alpha/moved')
    assert.equal(point.disks[0]?.transferReason, 'format-changed')
    assert.ok(point.sentBytes < CHUNK, `sent ${point.sentBytes}`)
    await checkPoint(scene, point, guest)
  })
})

/** Rewrites chunks until it is told to stop, each time with other bytes. */
function keepWriting(path: string): () => Promise<void> {
  let stopped = false
  const writing = (async () => {
    const handle = await open(path, 'r+')
    for (let n = 0; !stopped; n++) {
      const bytes = Buffer.alloc(4096, n)
      await handle.write(bytes, 0, bytes.length, (n % 10) * CHUNK + 512)
      await turn()
    }
    await handle.close()
  })()
  return async () => {
    stopped = true
    await writing
  }
}

test('an image that is written while it is read is never taken for one instant', async (t) => {
  const scene = await Scene.open(t)
  const image = scene.image('busy.raw')
  await writeRawDisk(image, { chunks: 40, tail: 1024, seed: 3 })
  await scene.sources('alpha/busy.raw')

  await t.test('open for writing, and the same in two passes: as after a crash', async () => {
    const handle = await open(image, 'r+')
    const point = await scene.point('alpha/busy.raw')
    await handle.close()
    assert.equal(point.consistency, 'crash')
    await checkPoint(scene, point, await readFile(image))
  })
  await t.test('written all the time: no point', async () => {
    const stop = keepWriting(image)
    const { status, json, stderr } = await scene.create('alpha/busy.raw')
    await stop()
    assert.equal(status, 1)
    assert.equal(json[0]?.point, null)
    assert.equal(json[0].error?.code, 'source-unsettled')
    assert.match(stderr, /busy\.raw/)
    assert.match(stderr, /hint: .*allow-unsettled/)
  })
  await t.test('unless the source allows it: unsettled, and said', async () => {
    await scene.holdfast.ok('source', 'set', 'alpha/busy.raw', '--allow-unsettled', 'yes')
    const stop = keepWriting(image)
    const point = await scene.point('alpha/busy.raw')
    await stop()
    assert.equal(point.consistency, 'unsettled')
  })
  await t.test('and once nobody writes, the next is whole', async () => {
    const point = await scene.point('alpha/busy.raw')
    assert.equal(point.consistency, 'cold')
    await checkPoint(scene, point, await readFile(image))
  })
  await t.test('an image with tables of its own is refused while it is open', async () => {
    if (lacksTool(t, 'qemu-img') || lacksTool(t, 'qemu-nbd')) return
    const guest = guestContent('busy', 10 * CHUNK)
    const path = await makeImage(scene.holdfast.images, 'plain.qcow2', guest)
    await scene.sources('alpha/plain.qcow2')
    const handle = await open(path, 'r+')
    const { status, json } = await scene.create('alpha/plain.qcow2')
    await handle.close()
    assert.equal(status, 1)
    assert.equal(json[0]?.error?.code, 'source-in-use')
    assert.ok((await guestBytes(path, 'qcow2')).equals(guest))
  })
})
