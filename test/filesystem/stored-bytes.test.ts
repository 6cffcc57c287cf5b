import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { fetchPaths } from '../../core/filesystem/browse/fetch-paths.ts'
import { GuestVolumes } from '../../core/filesystem/browse/volumes.ts'
import type { ByteReader } from '../../core/filesystem/byte-reader.ts'
import { logicalReader } from '../../core/filesystem/lvm/logical-volume.ts'
import { overlaid } from '../../core/filesystem/overlay.ts'
import { PatchedDisk } from '../../core/filesystem/patched-disk.ts'
import { cached } from '../../core/filesystem/read-cache.ts'
import { slice } from '../../core/filesystem/slice.ts'
import { fileReader, makeExt, makeTree } from '../support/ext-images.ts'
import { temporaryFolder } from '../support/images.ts'

const BLOCK = 1024

/** A disk of a point: its bytes are where they are. */
function disk(name: string, blocks = 64): ByteReader {
  return {
    sizeBytes: blocks * BLOCK,
    read: async (offset, length) => Buffer.alloc(length, offset & 0xff),
    stored: (offset, length) => ({ disk: name, offset, length }),
  }
}

test('through partitions and what is kept of them, bytes are stored where they lie on the disk', () => {
  const part = cached(slice(disk('a'), 10 * BLOCK, 20 * BLOCK))
  assert.deepEqual(part.stored?.(5, 100), { disk: 'a', offset: 10 * BLOCK + 5, length: 100 })
  assert.throws(() => part.stored?.(20 * BLOCK, 1), { code: 'filesystem-damaged' })
})

test('blocks that a journal has newer are stored nowhere, and end what lies before them', async () => {
  const newer = new Map([[3, Buffer.alloc(BLOCK)]])
  const over = overlaid(disk('a'), BLOCK, newer)
  assert.deepEqual(over.stored?.(100, 10 * BLOCK), {
    ...{ disk: 'a', offset: 100, length: 3 * BLOCK - 100 },
  })
  assert.equal(over.stored?.(3 * BLOCK + 7, 5), undefined)
  assert.deepEqual(over.stored?.(4 * BLOCK, BLOCK), { disk: 'a', offset: 4 * BLOCK, length: BLOCK })
  const patched = new PatchedDisk(disk('a'), BLOCK, 8 * BLOCK)
  assert.deepEqual(patched.stored(0, BLOCK), { disk: 'a', offset: 0, length: BLOCK })
  await patched.write(10, Buffer.from('log'))
  assert.equal(patched.stored(0, BLOCK), undefined)
})

test('content is named by its place, and there are its bytes; small pieces are sent', async (t) => {
  const folder = await temporaryFolder(t)
  const tree = join(folder, 'tree')
  await mkdir(tree)
  const expected = await makeTree(tree, { wide: 3, depth: 2, huge: false })
  await makeExt(join(folder, 'image'), 'ext4', tree, 48 * 2 ** 20)
  const image = await fileReader(join(folder, 'image'))
  t.after(() => image.close())
  const large = expected.get('large')
  assert.ok(large && 'content' in large)
  const fetched = async (most: number) => {
    const stored = (offset: number, length: number) => {
      return { disk: 'a', offset, length: Math.min(most, length) }
    }
    const reader: ByteReader = {
      sizeBytes: image.sizeBytes,
      read: (at, n) => image.read(at, n),
      stored,
    }
    const kinds: string[] = []
    const bytes: Buffer[] = []
    const volumes = new GuestVolumes([{ name: 'a', reader }])
    for await (const part of fetchPaths(volumes, [Buffer.from('/large')])) {
      kinds.push(...Object.keys(part))
      if ('stored' in part) bytes.push(await image.read(part.stored.offset, part.stored.length))
      if ('data' in part) bytes.push(Buffer.from(part.data))
    }
    assert.ok(Buffer.concat(bytes).equals(large.content))
    return kinds
  }
  assert.deepEqual(new Set((await fetched(Infinity)).slice(1)), new Set(['stored']))
  const inStripes = await fetched(64 * 1024)
  assert.ok(inStripes.filter((kind) => kind === 'data').length >= 12, inStripes.join())
})

test('of a striped volume one piece at a time, on the disk that has it', () => {
  const physical = (name: string) => ({ name, firstBytes: 2 * BLOCK, extents: 4 })
  const layout = {
    extentBytes: 8 * BLOCK,
    physical: new Map(['pv0', 'pv1'].map((name) => [name, physical(name)])),
  }
  const stripes = ['pv0', 'pv1'].map((volume) => ({ volume, extent: 1 }))
  const segments = [{ start: 0, extents: 2, stripes, stripeBytes: 2 * BLOCK }]
  const disks = new Map([
    ['pv0', disk('a')],
    ['pv1', disk('b')],
  ])
  const volume = logicalReader(layout as never, segments, disks)
  const first = 10 * BLOCK
  assert.deepEqual(volume.stored?.(100, 4 * BLOCK), {
    ...{ disk: 'a', offset: first + 100, length: 2 * BLOCK - 100 },
  })
  assert.deepEqual(volume.stored?.(2 * BLOCK, BLOCK), { disk: 'b', offset: first, length: BLOCK })
  assert.deepEqual(volume.stored?.(4 * BLOCK, 9 * BLOCK), {
    ...{ disk: 'a', offset: first + 2 * BLOCK, length: 2 * BLOCK },
  })
})
