import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { dropExtents } from '../../core/filesystem/btrfs/log/drop-extents.ts'
import { NOTHING, Overlay } from '../../core/filesystem/btrfs/log/overlay.ts'
import {
  addReference,
  dropReference,
  referencesOf,
} from '../../core/filesystem/btrfs/log/references.ts'
import { unpackLzo1x } from '../../core/filesystem/btrfs/lzo1x.ts'
import { xxhash64 } from '../../core/filesystem/btrfs/xxhash64.ts'

const SECTOR = 4096
const INODE = 257n

function key(offset: bigint) {
  return { id: INODE, type: 108, offset }
}

/** An extent that begins `skip` into its stored content. */
function extent(at: number, skip: bigint, length: bigint): Buffer {
  const bytes = Buffer.alloc(53)
  bytes.writeUInt8(1, 20)
  bytes.writeBigUInt64LE(BigInt(at), 21)
  bytes.writeBigUInt64LE(skip, 37)
  bytes.writeBigUInt64LE(length, 45)
  return bytes
}

/** By sector: the sector of the stored content that it shows. */
async function sectorsOf(view: Overlay): Promise<Map<number, number>> {
  const found = new Map<number, number>()
  for await (const { key: at, data } of view.items(key(0n), key(2n ** 64n - 1n))) {
    const first = Number(at.offset) / SECTOR
    const stored = (Number(data.readBigUInt64LE(21)) + Number(data.readBigUInt64LE(37))) / SECTOR
    for (let i = 0; i < Number(data.readBigUInt64LE(45)) / SECTOR; i++) {
      assert.ok(!found.has(first + i), 'extents overlap')
      found.set(first + i, stored + i)
    }
  }
  return found
}

test('btrfs: taking a range out of a file leaves all the rest', async () => {
  const range = fc.record({ start: fc.nat(60), count: fc.integer({ min: 1, max: 20 }) })
  await fc.assert(
    fc.asyncProperty(fc.array(range, { minLength: 1, maxLength: 12 }), async (ranges) => {
      const view = new Overlay(NOTHING)
      const model = new Map<number, number>()
      for (const [index, { start, count }] of ranges.entries()) {
        const [from, to] = [BigInt(start * SECTOR), BigInt((start + count) * SECTOR)]
        await dropExtents(view, INODE, [from, to], SECTOR)
        for (let at = start; at < start + count; at++) model.delete(at)
        if (index % 3 === 2) continue
        const stored = (index + 1) * 1000
        view.set(key(from), extent(stored * SECTOR, BigInt(7 * SECTOR), to - from))
        for (let at = 0; at < count; at++) model.set(start + at, stored + 7 + at)
      }
      const sorted = [...model].sort(([a], [b]) => a - b)
      assert.deepEqual([...(await sectorsOf(view))], sorted)
    }),
  )
})

test('btrfs: extents beyond all sizes are damage, found by mutation', async () => {
  for (const [skip, length] of [
    [2n ** 64n - 4096n, 8192n],
    [0n, 2n ** 64n - 4096n],
  ] as const) {
    const view = new Overlay(NOTHING)
    view.set(key(4096n), extent(4096, skip, length))
    await assert.rejects(dropExtents(view, INODE, [0n, 8192n], SECTOR), {
      code: 'filesystem-damaged',
    })
  }
})

test('btrfs: LZO that is cut or leads before its beginning is damage', () => {
  // Four literals, then a copy of three of them, then the end.
  const sound = Buffer.from([21, 0x61, 0x62, 0x63, 0x64, 0x6c, 0, 0x11, 0, 0])
  const output = Buffer.alloc(64)
  const written = unpackLzo1x(sound, output)
  assert.equal(output.toString('latin1', 0, written), 'abcdabcd'.slice(0, written))
  assert.ok(written > 4)
  for (let length = 0; length < sound.length; length++)
    assert.throws(() => unpackLzo1x(sound.subarray(0, length), output), {
      code: 'filesystem-damaged',
    })
  const before = Buffer.from([18, 0x61, 0x6c, 9, 0x11, 0, 0])
  assert.throws(() => unpackLzo1x(before, output), { code: 'filesystem-damaged' })
  assert.throws(() => unpackLzo1x(sound, output.subarray(0, 5)), { code: 'filesystem-damaged' })
})

test('btrfs: xxHash64 has the values that its author gives', () => {
  const hex = (text: string) => xxhash64(Buffer.from(text)).reverse().toString('hex')
  assert.equal(hex(''), 'ef46db3751d8e999')
  assert.equal(hex('a'), 'd24ec4f1a98c6e5b')
  assert.equal(hex('abc'), '44bc2cf5ad770999')
})

test('btrfs: names of an inode, in items of both kinds', async () => {
  const view = new Overlay(NOTHING)
  const name = (text: string) => Buffer.from(text)
  const [short, long] = [Buffer.alloc(10 + 5), Buffer.alloc(18 + 4)]
  short.writeBigUInt64LE(2n, 0)
  short.writeUInt16LE(5, 8)
  short.write('short', 10)
  long.writeBigUInt64LE(300n, 0)
  long.writeBigUInt64LE(9n, 8)
  long.writeUInt16LE(4, 16)
  long.write('long', 18)
  view.set({ id: INODE, type: 12, offset: 256n }, short)
  view.set({ id: INODE, type: 13, offset: 0x1234n }, Buffer.concat([long, long]))
  await addReference(view, INODE, { folder: 256n, index: 3n, name: name('new') })
  const shown = async () =>
    (await referencesOf(view, INODE)).map(
      (one) => `${one.folder} ${one.index} ${one.name.toString()}`,
    )
  assert.deepEqual(await shown(), ['256 2 short', '256 3 new', '300 9 long', '300 9 long'])
  assert.equal(await dropReference(view, INODE, 300n, name('long')), 9n)
  assert.equal(await dropReference(view, INODE, 256n, name('short')), 2n)
  assert.equal(await dropReference(view, INODE, 256n, name('absent')), undefined)
  assert.deepEqual(await shown(), ['256 3 new', '300 9 long'])
})
