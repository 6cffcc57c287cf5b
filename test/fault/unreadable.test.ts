import assert from 'node:assert/strict'
import { mkdir, open, readFile, truncate } from 'node:fs/promises'
import test from 'node:test'
import type { PointAnswer } from '../support/answers.ts'
import { GUEST_BYTES, guestContent, makeImage } from '../support/images.ts'
import { loopDevice } from '../support/loop-device.ts'
import { lacksTool } from '../support/needs.ts'
import { CHUNK, rewriteChunk, writeRawDisk } from '../support/raw-disk.ts'
import { Scene } from '../support/scene.ts'

const CLUSTER = 65536

/** Overwrites the compressed bytes of one cluster; QEMU answers reads of it with EIO. */
async function spoilCluster(path: string, cluster: number): Promise<() => Promise<void>> {
  const bytes = await readFile(path)
  const table = Number(bytes.readBigUInt64BE(Number(bytes.readBigUInt64BE(40))) & 0xfffffffffffe00n)
  // Of a compressed cluster's entry with clusters of 64 KiB, the lower 54 bits are its place.
  const at = Number(bytes.readBigUInt64BE(table + cluster * 8) & ((1n << 54n) - 1n))
  const put = async (content: Buffer) => {
    const handle = await open(path, 'r+')
    await handle.write(content, 0, content.length, at)
    await handle.close()
  }
  await put(Buffer.alloc(64, 0xff))
  return () => put(bytes.subarray(at, at + 64))
}

/** What came of a point of a disk with a range that cannot be read; it must say so everywhere. */
async function partialPoint(scene: Scene, source: string): Promise<PointAnswer> {
  const { status, json, stderr } = await scene.create(source)
  const entry = json[0]
  assert.equal(status, 1, 'a point that lacks something is no success')
  assert.equal(entry?.point?.state, 'partial', JSON.stringify(entry))
  assert.match(`${JSON.stringify(entry)}${stderr}`, /could not be read|unreadable/)
  return entry.point
}

/** All is as it was but what could not be read; the restore names it, and its status says so. */
async function checkRestore(scene: Scene, point: string, right: Buffer, lost: [number, number]) {
  const { answer } = await scene.tryRestore(point, ['--format', 'raw'])
  assert.equal(answer.status, 1)
  assert.ok(answer.stderr.includes(`${lost[0]}`), `the offset is named: ${answer.stderr}`)
  const bytes = await readFile(answer.json.files[0] ?? '')
  assert.equal(bytes.length, right.length)
  assert.ok(bytes.subarray(0, lost[0]).equals(right.subarray(0, lost[0])), 'before it')
  assert.ok(bytes.subarray(lost[1]).equals(right.subarray(lost[1])), 'after it')
}

test('what cannot be read is named, and everything else is kept', async (t) => {
  if (lacksTool(t, 'qemu-img') || lacksTool(t, 'qemu-nbd')) return
  const scene = await Scene.open(t, { hosts: [] })
  await mkdir(scene.holdfast.images)
  const guest = guestContent('unreadable', GUEST_BYTES)
  const image = await makeImage(scene.holdfast.images, 'compressed.qcow2', guest)
  const mend = await spoilCluster(image, 41)
  const behind = scene.holdfast.path('behind')
  await writeRawDisk(behind, { chunks: 17, tail: 4096, seed: 33 })
  const device = await loopDevice(t, behind)
  const declared = device === undefined ? [] : ['--source', `vault=${device}`]
  await scene.holdfast.startAgent('alpha', {}, [...scene.agentArgs, ...declared])
  await scene.sources('alpha/compressed.qcow2')

  await t.test('a cluster of an image', async () => {
    const point = await partialPoint(scene, 'alpha/compressed.qcow2')
    const chunk = Math.floor((41 * CLUSTER) / CHUNK)
    await checkRestore(scene, point.id, guest, [chunk * CHUNK, (chunk + 1) * CHUNK])
    const verified = await scene.verify(point.id)
    assert.deepEqual(verified.json.damaged, [], 'nothing that is stored is damaged')
    await mend()
    const next = await scene.point('alpha/compressed.qcow2')
    assert.equal(next.state, 'ready')
    assert.equal(next.disks[0]?.transferReason, 'unreadable-before')
    const restored = await readFile(await scene.restored(next.id, ['--format', 'raw']))
    assert.ok(restored.equals(guest))
  })

  await t.test('sectors of a block device', async () => {
    if (device === undefined) return
    await scene.sources('alpha/vault')
    const right = await readFile(behind)
    await scene.point('alpha/vault')
    await rewriteChunk(behind, 5, 77)
    const now = await readFile(behind)
    // Beyond the end of the file behind it, a loop device answers reads with EIO.
    await truncate(behind, 14 * CHUNK + 8192)
    const point = await partialPoint(scene, 'alpha/vault')
    await checkRestore(scene, point.id, now, [14 * CHUNK, right.length])
  })
})
