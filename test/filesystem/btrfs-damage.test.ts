import assert from 'node:assert/strict'
import { mkdir, open, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { openBtrfs } from '../../core/filesystem/btrfs/btrfs-file-system.ts'
import type { GuestFileSystem } from '../../core/filesystem/file-system.ts'
import { probe } from '../../core/filesystem/probe.ts'
import { bytesOf, fileReader, tool } from '../support/ext-images.ts'
import { temporaryFolder } from '../support/images.ts'
import { lacksTool } from '../support/needs.ts'
import { walk } from './contract.suite.ts'

const MIB = 2 ** 20
const CONTENT = bytesOf('content', 300_001)

/** Filled by mkfs itself: no root is needed for this. */
async function makeFilled(t: TestContext, ...options: string[]): Promise<string> {
  const folder = await temporaryFolder(t)
  await mkdir(join(folder, 'tree'))
  await writeFile(join(folder, 'tree/file'), CONTENT)
  await writeFile(join(folder, 'tree/small'), 'small')
  const image = join(folder, 'image')
  await writeFile(image, '')
  await truncate(image, 200 * MIB)
  await tool('mkfs.btrfs', '-q', '--rootdir', join(folder, 'tree'), ...options, image)
  return image
}

async function opened(t: TestContext, image: string): Promise<GuestFileSystem> {
  const reader = await fileReader(image)
  t.after(() => reader.close())
  return openBtrfs(reader)
}

async function fileOf(system: GuestFileSystem) {
  const entry = await system.lookup(system.root, Buffer.from('file'))
  assert.ok(entry)
  return { id: entry.id, file: await system.open(entry.id) }
}

/** Changes what lies at each of these places. */
async function spoil(image: string, places: readonly number[]): Promise<void> {
  const handle = await open(image, 'r+')
  for (const place of places) await handle.write(Buffer.from('spoilt'), 0, 6, place)
  await handle.close()
}

/** Where these bytes are, wherever that is. */
async function placesOf(image: string, bytes: Buffer): Promise<number[]> {
  const handle = await open(image)
  const { size } = await handle.stat()
  const all = Buffer.alloc(size)
  await handle.read(all, 0, size, 0)
  await handle.close()
  const found: number[] = []
  for (let at = all.indexOf(bytes); at >= 0; at = all.indexOf(bytes, at + 1)) found.push(at)
  return found
}

test('btrfs: content that is unlike its checksum is never handed out', async (t) => {
  if (lacksTool(t, 'mkfs.btrfs')) return
  const image = await makeFilled(t)
  const [place = 0] = await placesOf(image, CONTENT.subarray(0, 100_000))
  assert.ok(place > 0)
  await spoil(image, [place + 3 * 4096 + 77])
  const { id, file } = await fileOf(await opened(t, image))
  assert.deepEqual(await file.read(0, 12_288), CONTENT.subarray(0, 12_288))
  assert.deepEqual(await file.read(16_384, 200_000), CONTENT.subarray(16_384, 216_384))
  await assert.rejects(file.read(12_000, 1000), {
    code: 'filesystem-damaged',
    message: `btrfs: the content of inode ${id} at 12288 is unlike its checksum`,
  })
})

test('btrfs: of two copies the one that is whole counts', async (t) => {
  if (lacksTool(t, 'mkfs.btrfs')) return
  const image = await makeFilled(t, '-d', 'dup', '-m', 'dup')
  const content = await placesOf(image, CONTENT.subarray(0, 100_000))
  // An entry of the root, in the tree of files.
  const names = await placesOf(image, Buffer.from('\x04\0\x01file', 'latin1'))
  assert.ok(content.length === 2 && names.length >= 2, `${content.length} ${names.length}`)
  await spoil(image, [Math.min(...content), Math.min(...names)])
  const system = await opened(t, image)
  const { file } = await fileOf(system)
  assert.deepEqual(await file.read(0, CONTENT.length), CONTENT)
  assert.match(system.warnings.join(), /second copies/)
  await spoil(image, content)
  const again = await fileOf(await opened(t, image))
  await assert.rejects(again.file.read(0, 4096), { code: 'filesystem-damaged' })
})

test('btrfs: a disk whose beginning was overwritten is read by the copy of its superblock', async (t) => {
  if (lacksTool(t, 'mkfs.btrfs')) return
  const image = await makeFilled(t)
  const handle = await open(image, 'r+')
  await handle.write(Buffer.alloc(128 * 1024, 'gone'), 0, 128 * 1024, 0)
  await handle.close()
  const reader = await fileReader(image)
  t.after(() => reader.close())
  assert.equal(await probe(reader), 'btrfs')
  const system = await openBtrfs(reader)
  assert.match(system.warnings.join(), /a copy of it is used/)
  assert.deepEqual([...(await walk(system)).keys()].sort(), ['file', 'small'])
})

test('btrfs: what cannot be read is named', async (t) => {
  if (lacksTool(t, 'mkfs.btrfs')) return
  const folder = await temporaryFolder(t)
  const refused = async (pattern: RegExp, options: readonly string[], devices = 1) => {
    const images = Array.from({ length: devices }, (_, i) => join(folder, `${options[1]} ${i}`))
    for (const image of images) {
      await writeFile(image, '')
      await truncate(image, 128 * MIB)
    }
    await tool('mkfs.btrfs', '-q', ...options, ...images)
    await assert.rejects(opened(t, images[0] ?? ''), {
      code: 'filesystem-unsupported',
      message: pattern,
    })
  }
  await refused(/blake2b/, ['--csum', 'blake2'])
  await refused(/spreads over 2 devices/, ['-d', 'raid1', '-m', 'raid1'], 2)
  await refused(/spreads over 2 devices/, ['-d', 'single', '-m', 'dup'], 2)
})
