import assert from 'node:assert/strict'
import { open, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import type { AllocatedExtent } from '../../core/disk/disk.ts'
import { dataRanges } from '../../core/disk/holes.ts'
import { RawFile } from '../../core/disk/raw-file.ts'
import { GUEST_BYTES, guestContent, temporaryFolder } from '../support/images.ts'
import { checkAllocation, openNamed, providerOver, readAll } from './reading.ts'

const MIB = 2 ** 20

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

for (const sizeBytes of [1, 511, 513, 4096, GUEST_BYTES, GUEST_BYTES + 777])
  void test(`a raw image of ${sizeBytes} bytes is its bytes`, async (t) => {
    const folder = await temporaryFolder(t)
    const bytes = guestContent(`raw ${sizeBytes}`, sizeBytes)
    await writeFile(join(folder, 'disk.raw'), bytes)
    const view = await openNamed(providerOver(folder), 'disk.raw')
    t.after(() => view.close())
    const [disk] = view.disks
    assert.ok(disk?.rawPath)
    assert.equal(disk.sizeBytes, sizeBytes)
    assert.ok((await readAll(disk.reader)).equals(bytes))
    await checkAllocation(disk.reader, bytes)
    const direct = await open(disk.rawPath)
    assert.ok((await direct.readFile()).equals(bytes), 'workers read it directly')
    await direct.close()
  })

void test('2.5 TiB of holes: the little that is data is found at once', async (t) => {
  const folder = await temporaryFolder(t)
  const path = join(folder, 'huge.img')
  const sizeBytes = 2.5 * 2 ** 40 + 512
  await writeFile(path, '')
  await truncate(path, sizeBytes)
  const handle = await open(path, 'r+')
  const places = [0, 3 * 2 ** 30, 2 ** 41 + MIB, 2.5 * 2 ** 40 - MIB]
  for (const place of places) await handle.write(Buffer.alloc(MIB, 1), 0, MIB, place)
  await handle.close()
  const view = await openNamed(providerOver(folder), 'huge.img')
  t.after(() => view.close())
  assert.ok(view.disks[0])
  const extents = await all(view.disks[0].reader.allocation())
  assert.deepEqual(
    extents.filter(({ zero }) => !zero).map(({ offset, length }) => [offset, length]),
    places.map((place) => [place, MIB]),
  )
  assert.equal(extents.at(-1)?.zero, true)
  assert.equal(
    extents.reduce((sum, { length }) => sum + length, 0),
    sizeBytes,
  )
  assert.deepEqual(await view.settled(), { settled: true, consistency: 'cold' })
})

void test('many fragments arrive as they are found, and stop when nobody wants more', async (t) => {
  const path = join(await temporaryFolder(t), 'fragments.raw')
  const handle = await open(path, 'w+')
  t.after(() => handle.close())
  for (let index = 0; index < 2000; index++) await handle.write('x', index * 65_536)
  const sizeBytes = 2000 * 65_536
  await truncate(path, sizeBytes)
  const ranges = await all(dataRanges(handle.fd, sizeBytes))
  assert.equal(ranges.length, 2000)
  assert.deepEqual(ranges[1999], { offset: 1999 * 65_536, length: 4096 })
  for await (const range of dataRanges(handle.fd, sizeBytes)) {
    assert.equal(range.offset, 0)
    break
  }
})

void test('where holes may not be trusted, everything is data', async (t) => {
  const folder = await temporaryFolder(t)
  const path = join(folder, 'open.raw')
  await writeFile(path, '')
  await truncate(path, 10 * MIB)
  const writer = await open(path, 'r+')
  const view = await openNamed(providerOver(folder), 'open.raw')
  t.after(() => view.close())
  const expected: AllocatedExtent[] = [{ offset: 0, length: 10 * MIB, zero: false }]
  assert.ok(view.disks[0])
  assert.deepEqual(await all(view.disks[0].reader.allocation()), expected)
  await writer.close()
  await view.again()
  const after = await all(view.disks[0].reader.allocation())
  assert.deepEqual(
    after,
    [{ offset: 0, length: 10 * MIB, zero: true }],
    'once it is closed they may',
  )
})

void test('sectors that cannot be read are tried again, then reported with their range', async (t) => {
  // The kernel answers EIO for memory that is not there.
  const memory = await open('/proc/self/mem')
  const reader = new RawFile(memory, { path: 'memory', sizeBytes: MIB, trustHoles: false })
  t.after(() => reader.close())
  await assert.rejects(reader.read(8192, Buffer.alloc(4096)), {
    code: 'source-unreadable',
    details: { offset: 8192, length: 4096 },
    message: /memory cannot be read at byte 8192/,
  })
})

void test('a read that fails twice is good at the third', async (t) => {
  const path = join(await temporaryFolder(t), 'flaky.raw')
  const bytes = guestContent('flaky', 10_000)
  await writeFile(path, bytes)
  const handle = await open(path)
  let faults = 2
  const flaky = {
    fd: handle.fd,
    close: () => handle.close(),
    read: ((into: Buffer, at: number, length: number, position: number) => {
      if (position >= 4096 && faults-- > 0)
        return Promise.reject(Object.assign(new Error('planned'), { code: 'EIO' }))
      return handle.read(into, at, Math.min(length, 4096), position)
    }) as typeof handle.read,
  }
  const reader = new RawFile(flaky, { path, sizeBytes: bytes.length, trustHoles: false })
  t.after(() => reader.close())
  const into = Buffer.alloc(bytes.length)
  await reader.read(0, into)
  assert.ok(into.equals(bytes))
  assert.ok(faults < 0, 'both faults were met')
  faults = 99
  await assert.rejects(reader.read(0, into), { code: 'source-unreadable' })
})

void test('a read past what became the end is no zeros', async (t) => {
  const folder = await temporaryFolder(t)
  await writeFile(join(folder, 'disk.raw'), guestContent('short', 3 * MIB))
  const view = await openNamed(providerOver(folder), 'disk.raw')
  t.after(() => view.close())
  await truncate(join(folder, 'disk.raw'), MIB)
  const read = view.disks[0]?.reader.read(MIB - 100, Buffer.alloc(200))
  await assert.rejects(read ?? Promise.resolve(), { code: 'source-unsettled' })
})
