import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, open, readFile, rmdir, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { promisify } from 'node:util'
import type { PointAnswer, RestoreAnswer } from '../support/answers.ts'
import { guestBytes, guestContent, qemuImg, qemuIo } from '../support/images.ts'
import { loopDevice } from '../support/loop-device.ts'
import { lacksRoot, lacksTool } from '../support/needs.ts'
import { Scene } from '../support/scene.ts'
import { PointSource } from './point-source.ts'
import { optionsFor, restoreOrThrow, temporaryFolder } from './harness.ts'

const run = promisify(execFile)
const MIB = 2 ** 20
const CHUNK = 128 * 1024

test('a disk that is there is read, and only what differs is written to it', async (t) => {
  const file = join(await temporaryFolder(t), 'device')
  const content = guestContent('point', 3 * MIB + 512)
  content.fill(0, 9 * CHUNK, 11 * CHUNK)
  const now = Buffer.from(content)
  now[4 * CHUNK + 7]! ^= 1 // one byte
  now.fill(0, 6 * CHUNK, 7 * CHUNK) // data that became zeros
  now.fill(5, 10 * CHUNK, 10 * CHUNK + 1) // zeros that became data
  now[now.length - 1]! ^= 1 // in the short last chunk
  await writeFile(file, now)
  const device = await loopDevice(t, file)
  if (device === undefined) return
  const disk = { name: 'vda', bytes: content, chunkBytes: CHUNK, format: 'raw' }
  const source = new PointSource([disk])
  const folder = await temporaryFolder(t)
  const options = optionsFor(folder, source, { original: true, sourceKey: 'dev' })
  const places = [{ name: 'vda', path: device, format: 'raw' }]
  await restoreOrThrow({ ...options, resolveOriginal: () => Promise.resolve(places) })
  assert.ok((await readFile(device)).subarray(0, content.length).equals(content))
  const written = Number(options.reports.at(-1)?.writtenBytes)
  assert.equal(written, 2 * CHUNK + 512, 'two chunks and the short last one; zeros are no bytes')
})

test('where files can be cloned, a restore to their place writes only what differs', async (t) => {
  if (lacksRoot(t) || lacksTool(t, 'mkfs.xfs') || lacksTool(t, 'qemu-img')) return
  const scene = await Scene.open(t, { hosts: [] })
  const file = join(scene.holdfast.folder, 'xfs.img')
  await writeFile(file, '')
  await truncate(file, 512 * MIB)
  await run('mkfs.xfs', ['-q', '-m', 'reflink=1', file])
  const device = await loopDevice(t, file)
  if (device === undefined) return
  const images = await mkdtemp(join(tmpdir(), 'holdfast-xfs-'))
  await run('mount', [device, images])
  t.after(async () => {
    await run('umount', ['-l', images])
    await rmdir(images)
  })
  const content = guestContent('as it was', 16 * MIB)
  const [raw, qcow2] = [join(images, 'a.raw'), join(images, 'b.qcow2')]
  await writeFile(raw, content)
  await writeFile(join(scene.holdfast.folder, 'b.raw'), content)
  await qemuImg(
    ...['convert', '-f', 'raw', '-O', 'qcow2'],
    join(scene.holdfast.folder, 'b.raw'),
    qcow2,
  )
  await scene.holdfast.startAgent('alpha', {}, ['--images', images])
  const points: PointAnswer[] = []
  for (const name of ['alpha/a.raw', 'alpha/b.qcow2']) {
    await scene.sources(name)
    points.push(await scene.point(name))
  }
  const image = await open(raw, 'r+')
  await image.write(Buffer.alloc(700, 3), 0, 700, 5 * CHUNK)
  await image.write(Buffer.alloc(CHUNK), 0, CHUNK, 20 * CHUNK)
  await image.close()
  await qemuIo(qcow2, 'qcow2', `write -P 3 ${5 * CHUNK} 700`, `write -z ${20 * CHUNK} ${CHUNK}`)
  const inodes = [(await stat(raw)).ino, (await stat(qcow2)).ino]

  for (const { id } of points) {
    const { json } = await scene.holdfast.ok<RestoreAnswer & { bytesWritten: number }>(
      ...['restore', id, '--original', '--yes'],
    )
    assert.equal(json.bytesWritten, 2 * CHUNK)
  }
  assert.ok((await readFile(raw)).equals(content))
  assert.ok((await guestBytes(qcow2, 'qcow2')).equals(content))
  const after = [(await stat(raw)).ino, (await stat(qcow2)).ino]
  assert.ok(
    after.every((inode, at) => inode !== inodes[at]),
    'beside, then swapped in',
  )
})
