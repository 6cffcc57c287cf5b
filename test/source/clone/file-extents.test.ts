import assert from 'node:assert/strict'
import { constants } from 'node:fs'
import { copyFile, open, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { covering, fileExtents, type FileExtent } from '../../../agent/source/clone/file-extents.ts'
import { differing } from '../../../agent/source/clone/compare-extents.ts'
import { Granules } from '../../../agent/source/clone/granules.ts'
import { tool } from '../../support/ext-images.ts'
import { guestContent } from '../../support/images.ts'
import { lacksTool } from '../../support/needs.ts'
import { folderOn, REFLINK_SYSTEMS } from '../../support/reflink-folder.ts'

const MIB = 2 ** 20

test('what the kernel tells of a file covers it, and only plain extents have a place', async () => {
  const mapped = (offset: number, length: number, flags: number, physical = 1e6) => ({
    ...{ offset, length, physical, flags },
  })
  const told = [
    mapped(4096, 4096, 0),
    mapped(8192, 4096, 0x2000), // shared
    mapped(16384, 4096, 0x800), // unwritten
    mapped(20480, 4096, 0x808), // unwritten and encoded: nothing that is known
    mapped(24576, 4096, 0x4), // delayed
    mapped(28672, 4096, 0x2), // of unknown place
    mapped(32768, 4096, 0x8), // compressed
    mapped(36864, 4096, 0x200), // inline
    mapped(40960, 4096, 0x100), // not aligned
    mapped(45056, 4096, 0x10000), // of a kind that is not known yet
    mapped(49152, 4096, 0x1000, 2 ** 60), // of a place that no number holds
    mapped(53248, 8192, 0x1, 4096), // the last one goes past the end
    mapped(90112, 4096, 0x800), // laid out beyond the end
  ]
  const found = await all(covering(iterable(told), 54_000))
  assert.deepEqual(
    found.map(({ offset, length, kind }) => [offset, length, kind]),
    [
      [0, 4096, 'zero'],
      [4096, 4096, 'data'],
      [8192, 4096, 'data'],
      [12288, 4096, 'zero'],
      [16384, 4096, 'zero'],
      ...[20480, 24576, 28672, 32768, 36864, 40960, 45056, 49152].map((at) => [
        at,
        4096,
        'unclear',
      ]),
      [53248, 752, 'data'],
    ],
  )
  await assert.rejects(all(covering(iterable([told[1]!, told[0]!]), 54_000)), /goes back/)
  await assert.rejects(all(covering(iterable([mapped(0, 0, 0)]), 54_000)), /goes back/)
})

test('files differ wherever they do not surely lie at the same place', async () => {
  const data = (offset: number, length: number, physical: number) =>
    ({ ...{ offset, length, physical }, kind: 'data' }) as const
  const none = (offset: number, length: number, kind: 'zero' | 'unclear') => ({
    ...{ offset, length, kind, physical: 0 },
  })
  const before = [data(0, 400, 1000), none(400, 100, 'zero'), data(500, 300, 5000)]
  const now = [
    data(0, 100, 1000),
    data(100, 100, 7000), // written
    data(200, 250, 1200), // the rest, and data where there was none
    none(450, 100, 'zero'), // a hole where there was data
    none(550, 50, 'unclear'),
    data(600, 100, 5100),
    data(700, 100, 5100), // at a place of something else
  ]
  const expected = [
    { offset: 100, length: 100 },
    { offset: 400, length: 50 },
    { offset: 500, length: 50 },
    { offset: 550, length: 50 },
    { offset: 700, length: 100 },
  ]
  assert.deepEqual(await all(differing(iterable(before), iterable(now))), expected)
  const unclear = [none(0, 800, 'unclear')]
  assert.equal((await all(differing(iterable(unclear), iterable(unclear)))).length, 1)
  await assert.rejects(all(differing(iterable(before.slice(0, 2)), iterable(now))), RangeError)

  const granules = new Granules(1_000_000)
  granules.mark({ offset: 65_535, length: 2 })
  granules.mark({ offset: 999_999, length: 1 })
  assert.deepEqual(
    [...granules.ranges()],
    [
      { offset: 0, length: 131_072 },
      { offset: 983_040, length: 16_960 },
    ],
  )
})

for (const system of REFLINK_SYSTEMS)
  test(`${system}: the map is the one that filefrag shows`, async (t) => {
    if (lacksTool(t, 'filefrag')) return
    const folder = await folderOn(t, system)
    if (folder === undefined) return
    const path = join(folder, 'a.raw')
    await fragmented(path)
    const clone = join(folder, 'clone')
    await copyFile(path, clone, constants.COPYFILE_FICLONE_FORCE)
    const ours = await mapOf(t, clone)
    assert.deepEqual(ours.filter(({ kind }) => kind === 'data').map(placeOf), await shown(clone))
    assert.ok(ours.some(({ kind }) => kind === 'zero'))
    assert.ok(ours.length > 100, 'more than a few')

    const image = await open(path, 'r+')
    await image.write(Buffer.alloc(5000, 1), 0, 5000, 3 * MIB + 100)
    await image.close()
    const other = join(folder, 'other')
    await copyFile(path, other, constants.COPYFILE_FICLONE_FORCE)
    const changes = await all(differing(iterable(ours), iterable(await mapOf(t, other))))
    assert.deepEqual(changes, [{ offset: 3 * MIB, length: 8192 }])
  })

test('a file of many extents is told whole', async (t) => {
  const folder = await folderOn(t, 'xfs')
  if (folder === undefined) return
  const path = join(folder, 'many')
  const file = await open(path, 'w')
  for (let at = 0; at < 5000; at++)
    await file.write(Buffer.alloc(4096, 1 + (at % 255)), 0, 4096, at * 8192)
  await file.sync()
  await file.close()
  const data = (await mapOf(t, path)).filter(({ kind }) => kind === 'data')
  assert.equal(data.length, 5000)
})

test('a map that is cut short is none', async (t) => {
  const folder = await folderOn(t, 'ext4')
  if (folder === undefined) return
  const directory = await open('/proc/self', 'r') // has no map at all
  t.after(() => directory.close())
  await assert.rejects(all(fileExtents(directory.fd, MIB)), { code: 'tool-failed' })
})

/** Data, holes, and space that was laid out and never written, in pieces. */
async function fragmented(path: string): Promise<void> {
  const content = guestContent('fragments', 8 * MIB)
  const file = await open(path, 'w')
  for (let at = 0; at < content.length; at += 65_536) await file.write(content, at, 28_672, at)
  await file.sync()
  await file.close()
  await truncate(path, 9 * MIB + 700)
  await tool('fallocate', '-o', String(8 * MIB), '-l', '65536', path)
}

async function mapOf(t: TestContext, path: string): Promise<FileExtent[]> {
  const file = await open(path, 'r')
  t.after(() => file.close())
  await file.sync()
  return all(fileExtents(file.fd, (await file.stat()).size))
}

function placeOf({ offset, length, physical }: FileExtent): number[] {
  return [offset, physical, length]
}

async function shown(path: string): Promise<number[][]> {
  const lines = (await tool('filefrag', '-s', '-b1', '-v', path)).split('\n')
  const rows = lines.flatMap((line) => {
    const found = /^\s*\d+:\s*(\d+)\.\.\s*\d+:\s*(\d+)\.\.\s*\d+:\s*(\d+):(.*)$/.exec(line)
    if (!found || found[4]?.includes('unwritten')) return []
    return [[Number(found[1]), Number(found[2]), Number(found[3])]]
  })
  assert.ok(rows.length > 0)
  return rows
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

async function* iterable<T>(items: readonly T[]): AsyncIterable<T> {
  yield* items
}
