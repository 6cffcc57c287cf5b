import assert from 'node:assert/strict'
import { copyFile, mkdir, open, readFile, truncate, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import test from 'node:test'
import type { RestoreAnswer } from '../support/answers.ts'
import { bytesOf } from '../support/ext-images.ts'
import { canMount } from '../support/image-mount.ts'
import { guestBytes, qemuImg } from '../support/images.ts'
import { openLvm, writeVolume } from '../support/lvm-images.ts'
import { hasTool, lacksTool } from '../support/needs.ts'
import { Scene } from '../support/scene.ts'

const MIB = 2 ** 20
const SECTOR = 512
/** In sectors; no end of one lies at a chunk's end. */
const SECOND = { start: 5001, size: 9003 }
type Row = readonly [type: number, start: number, sectors: number]
const TABLE: readonly Row[] = [
  [0x83, 2048, 2000],
  [0x83, SECOND.start, SECOND.size],
  [0x82, 15_000, 4000],
]

/** Three partitions; the second one has zeros in its middle. */
async function makeDisk(path: string, table: readonly Row[] = TABLE): Promise<void> {
  await writeFile(path, '')
  await truncate(path, 10 * MIB)
  await writeTable(path, table)
  await writeAt(path, 2048 * SECTOR, bytesOf('first', 2000 * SECTOR))
  await writeAt(path, SECOND.start * SECTOR, secondContent('second'))
  await writeAt(path, 15_000 * SECTOR, bytesOf('third', 4000 * SECTOR))
}

function secondContent(seed: string): Buffer {
  const bytes = bytesOf(seed, SECOND.size * SECTOR)
  if (seed === 'second') bytes.fill(0, MIB, 3 * MIB)
  return bytes
}

async function writeTable(path: string, table: readonly Row[]): Promise<void> {
  const bytes = Buffer.alloc(66)
  for (const [index, [type, start, sectors]] of table.entries()) {
    bytes.writeUInt8(type, index * 16 + 4)
    bytes.writeUInt32LE(start, index * 16 + 8)
    bytes.writeUInt32LE(sectors, index * 16 + 12)
  }
  bytes.writeUInt16LE(0xaa55, 64)
  await writeAt(path, 446, bytes)
}

async function writeAt(path: string, offset: number, bytes: Buffer): Promise<void> {
  const handle = await open(path, 'r+')
  await handle.write(bytes, 0, bytes.length, offset)
  await handle.close()
}

function second(disk: Buffer): Buffer {
  return disk.subarray(SECOND.start * SECTOR, (SECOND.start + SECOND.size) * SECTOR)
}

test('a partition comes back alone: in its place, or as an image', async (t) => {
  if (lacksTool(t, 'qemu-img')) return
  const scene = await Scene.open(t, { hosts: [] })
  const { holdfast } = scene
  await mkdir(holdfast.images, { recursive: true })
  const [raw, qcow] = [scene.image('disk.raw'), scene.image('disk.qcow2')]
  await makeDisk(holdfast.path('original'))
  await copyFile(holdfast.path('original'), raw)
  await qemuImg('convert', '-f', 'raw', '-O', 'qcow2', raw, qcow)
  const before = await readFile(raw)
  await scene.startAgents()
  await scene.sources('alpha/disk.raw', 'alpha/disk.qcow2')
  const point = await scene.point('alpha/disk.raw')
  const original = (id: string, ...more: string[]) =>
    holdfast.run<RestoreAnswer>('restore', id, '--partition', '2', '--original', '--yes', ...more)

  await t.test('into images of any format', async () => {
    const file = await scene.restored(point.id, ['--partition', '2'])
    assert.match(file, /disk-p2\.raw$/)
    assert.ok((await readFile(file)).equals(second(before)))
    const image = await scene.restored(point.id, ['--partition', '2', '--format', 'qcow2'])
    assert.ok((await guestBytes(image, 'qcow2')).equals(second(before)))
  })

  await t.test('in its place in a raw disk, and nothing else changes', async () => {
    await writeAt(raw, SECOND.start * SECTOR, secondContent('other'))
    await writeAt(raw, 15_000 * SECTOR, bytesOf('newer', 4000 * SECTOR))
    const expected = await readFile(raw)
    second(before).copy(expected, SECOND.start * SECTOR)
    const { json } = await original(point.id)
    assert.deepEqual(json.files, [raw])
    assert.ok((await readFile(raw)).equals(expected))
  })

  await t.test('in its place in a qcow2', async () => {
    const other = await scene.point('alpha/disk.qcow2')
    const changed = Buffer.from(before)
    secondContent('other').copy(changed, SECOND.start * SECTOR)
    bytesOf('newer', 1000).copy(changed, 2048 * SECTOR)
    await writeFile(holdfast.path('changed'), changed)
    await qemuImg('convert', '-f', 'raw', '-O', 'qcow2', holdfast.path('changed'), qcow)
    const answer = await original(other.id)
    assert.equal(answer.status, 0, answer.stderr)
    second(before).copy(changed, SECOND.start * SECTOR)
    assert.ok((await guestBytes(qcow, 'qcow2')).equals(changed))
  })

  await t.test('a disk that is in use, or divided otherwise, is left alone', async () => {
    const inUse = await open(raw, 'r+')
    const refused = await original(point.id)
    await inUse.close()
    assert.equal(refused.status, 1)
    assert.equal(refused.json.error?.code, 'target-in-use')
    await writeTable(raw, [TABLE[0]!, [0x83, SECOND.start, 9000]])
    const divided = await readFile(raw)
    const other = await original(point.id)
    assert.equal(other.json.error?.code, 'target-refused')
    assert.match(
      other.json.error?.message ?? '',
      /partition 2 of .* is of 4608000 bytes at 2560512/,
    )
    assert.ok((await readFile(raw)).equals(divided))
  })

  await t.test('what is not there is named', async () => {
    const answer = await scene.tryRestore(point.id, ['--partition', '7'])
    assert.equal(answer.answer.status, 1)
    assert.equal(answer.answer.json.error?.code, 'not-found')
    assert.match(answer.answer.json.error?.hint ?? '', /disk\.raw:1, disk\.raw:2, disk\.raw:3/)
  })
})

const EXTENT_BYTES = 65_536
const PLACES = { extentBytes: EXTENT_BYTES, firstBytes: MIB }

test('a logical volume over two disks comes back alone: as an image, or in its place', async (t) => {
  if (lacksTool(t, 'lvm') || !hasTool('losetup') || !(await canMount('kernel'))) return
  const scene = await Scene.open(t, { hosts: [] })
  const { holdfast } = scene
  await mkdir(holdfast.path('disks'))
  const images = ['a.raw', 'b.raw'].map((name) => ({ path: join(holdfast.path('disks'), name) }))
  const paths = images.map(({ path }) => path)
  for (const path of paths) {
    await writeFile(path, '')
    await truncate(path, 12 * MIB)
  }
  const lvm = await openLvm(t, images)
  await lvm.run('pvcreate', '-q', ...lvm.devices)
  await lvm.run('vgcreate', '-s', '64k', 'vg', ...lvm.devices)
  const make = (name: string, extents: number, ...more: string[]) =>
    lvm.run('lvcreate', '-an', '-Zn', '-Wn', '-n', name, '-l', `${extents}`, ...more, 'vg')
  await make('striped', 100, '-i', '2', '-I', '4k')
  await make('plain', 40)
  const segments = await lvm.segments('vg')
  const write = (volume: string, content: Buffer) =>
    writeVolume(
      images,
      segments.filter((one) => one.volume === volume),
      { content, ...PLACES },
    )
  const striped = bytesOf('striped', 100 * EXTENT_BYTES).fill(0, MIB, 2 * MIB)
  await write('striped', striped)
  await write('plain', bytesOf('plain', 40 * EXTENT_BYTES))
  await lvm.close()
  const declared = ['--source', `web=${paths.join(',')}`]
  await holdfast.startAgent('alpha', {}, [...scene.agentArgs, ...declared])
  await scene.sources('alpha/web')
  const point = await scene.point('alpha/web')
  const original = () =>
    holdfast.run<RestoreAnswer>(
      ...['restore', point.id, '--partition', 'vg/striped', '--original', '--yes'],
    )

  await t.test('as an image', async () => {
    const file = await scene.restored(point.id, ['--partition', 'vg/striped'])
    assert.match(file, /web-vg-striped\.raw$/)
    assert.ok((await readFile(file)).equals(striped))
  })

  await t.test('in its place, and nothing else changes', async () => {
    await write('striped', bytesOf('other', 100 * EXTENT_BYTES))
    await write('plain', bytesOf('newer', 40 * EXTENT_BYTES))
    const expected = await copies(paths, holdfast.path('expected'))
    await writeVolume(
      expected.map((path) => ({ path })),
      segments.filter(({ volume }) => volume === 'striped'),
      { content: striped, ...PLACES },
    )
    const answer = await original()
    assert.equal(answer.status, 0, answer.stderr)
    assert.deepEqual(answer.json.files, paths)
    for (const [at, path] of paths.entries())
      assert.ok((await readFile(path)).equals(await readFile(expected[at]!)), path)
  })

  await t.test('not where any of its disks is in use', async () => {
    const inUse = await open(paths[1]!, 'r+')
    const refused = await original()
    await inUse.close()
    assert.equal(refused.json.error?.code, 'target-in-use')
  })

  await t.test('not where its group has moved it', async () => {
    const again = await openLvm(t, images)
    await again.run('lvremove', '-y', 'vg/striped')
    const smaller = ['-an', '-Zn', '-Wn', '-n', 'striped', '-i', '2', '-I', '4k', '-l', '90', 'vg']
    await again.run('lvcreate', ...smaller)
    await again.close()
    const before = await Promise.all(paths.map((path) => readFile(path)))
    const other = await original()
    assert.equal(other.json.error?.code, 'target-refused')
    assert.match(other.json.error?.message ?? '', /vg\/striped does not lie where it lay/)
    const last = await openLvm(t, images)
    await last.run('lvremove', '-y', 'vg/striped')
    await last.close()
    const gone = await original()
    assert.match(
      gone.json.error?.message ?? '',
      /vg\/striped cannot be found on the disks: there is no/,
    )
    for (const [at, path] of paths.entries())
      assert.ok(sameBeyondMetadata(await readFile(path), before[at]!), path)
  })
})

/** The first MiB is LVM's own. */
function sameBeyondMetadata(now: Buffer, before: Buffer): boolean {
  return now.subarray(MIB).equals(before.subarray(MIB))
}

async function copies(paths: readonly string[], folder: string): Promise<string[]> {
  await mkdir(folder)
  const copied = paths.map((path) => join(folder, basename(path)))
  for (const [at, path] of paths.entries()) await copyFile(path, copied[at]!)
  return copied
}
