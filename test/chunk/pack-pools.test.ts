import assert from 'node:assert/strict'
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { openChunkWorkers } from '../../core/chunk/chunk-workers.ts'
import { openServePool, openVerifyPool, type PackSlice } from '../../core/chunk/serve-pool.ts'
import { RECORD_HEADER_BYTES, RECORD_OFFSETS, encodePlace } from '../../core/chunk/record.ts'
import { readPlace, recordDigest } from '../../core/chunk/record-header.ts'
import { recordsOf } from '../../core/chunk/record-list.ts'
import type { ExpectedRecords } from '../../core/chunk/expected.ts'
import { digestOf } from '../../core/model/digest.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { expectedOf, noise, packRecord, pattern } from './records.ts'

const HEADROOM = 5
const workers = openChunkWorkers()
const serving = openServePool(workers, { headroomBytes: HEADROOM, frameBytes: 1024 * 1024 })
const verifying = openVerifyPool(workers)
test.after(() => workers.close())

const FIRST_CHUNK = 7 * 1024 + 1000 // chunk ids run over the end of a segment
const PLAINS = [pattern(1, 4096), noise(2, 4096), pattern(3, 4096), noise(4, 123), pattern(5, 2048)]
const REGION = Buffer.concat(PLAINS.map((plain, i) => packRecord(FIRST_CHUNK + i, plain)))
const EXPECTED = expectedOf(REGION)
const PLACES = Float64Array.from(PLAINS, (_, i) => encodePlace(1, 50 + i * 2))
const PACK_OFFSET = 4096 + 17

/** Calls `use` with a pack file whose region begins at PACK_OFFSET. */
async function withPack<T>(region: Buffer, use: (handle: FileHandle) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'pack-'))
  const handle = await open(join(folder, 'pack'), 'w+')
  try {
    await handle.write(region, 0, region.length, PACK_OFFSET)
    return await use(handle)
  } finally {
    await handle.close()
    await rm(folder, { recursive: true })
  }
}

function sliceOf(handle: FileHandle, length = REGION.length): PackSlice[] {
  return [{ fd: handle.fd, offset: PACK_OFFSET, length }]
}

function called(region: Buffer): PackSlice[] {
  const read = async (into: Buffer) => void region.copy(into)
  return [{ length: region.length, read }]
}

test('served records keep bytes and digests and get their places on the wire', async () => {
  await withPack(REGION, async (handle) => {
    for (const slices of [sliceOf(handle), called(REGION)]) {
      const served = await serving.serve(slices, EXPECTED, PLACES)
      assert.deepEqual(served.damaged, [])
      const records = served.frame.subarray(HEADROOM)
      const found = [...recordsOf(records)]
      assert.deepEqual(
        found.map((r) => r.place),
        [...PLACES],
      )
      for (const [i, r] of found.entries())
        assert.deepEqual(recordDigest(records, r.offset), digestOf(PLAINS[i] ?? Buffer.alloc(0)))
      served.release()
    }
  })
})

test('several slices make one frame, in the order given', async () => {
  await withPack(REGION, async (handle) => {
    const order = [3, 0, 4]
    const slices = order.map((i) => ({
      fd: handle.fd,
      offset: PACK_OFFSET + (EXPECTED.offsets[i] ?? 0),
      length: RECORD_HEADER_BYTES + (EXPECTED.storedLengths[i] ?? 0),
    }))
    const picked = pick(order)
    const served = await serving.serve(slices, picked, Float64Array.from([1, 2, 3]))
    assert.deepEqual(served.damaged, [])
    const places = [...recordsOf(served.frame.subarray(HEADROOM))].map((r) => r.place)
    assert.deepEqual(places, [1, 2, 3])
  })
})

/** Expectations of some records, laid one behind the other. */
function pick(order: readonly number[]): ExpectedRecords {
  const records = order.map((i) => packRecord(FIRST_CHUNK + i, PLAINS[i] ?? Buffer.alloc(0)))
  return expectedOf(Buffer.concat(records))
}

test('a damaged record is left out and named; the others come', async () => {
  const region = Buffer.from(REGION)
  const at = (EXPECTED.offsets[2] ?? 0) + RECORD_HEADER_BYTES + 3
  region[at] = (region[at] ?? 0) ^ 4
  await withPack(region, async (handle) => {
    const served = await serving.serve(sliceOf(handle), EXPECTED, PLACES)
    assert.deepEqual(
      served.damaged.map((d) => d.index),
      [2],
    )
    const records = served.frame.subarray(HEADROOM)
    const offsets = [...recordsOf(records)].map((r) => r.offset)
    assert.deepEqual(
      offsets.map((offset) => readPlace(records, offset)),
      [0, 1, 3, 4].map((i) => PLACES[i]),
    )
    served.release()
    const again = await serving.serve(called(REGION), EXPECTED, PLACES)
    assert.deepEqual(again.damaged, [], 'a reused buffer holds nothing over')
  })
})

test('every flipped bit of a pack is found by verification', async () => {
  const undetected: number[] = []
  await Promise.all(
    Array.from({ length: REGION.length }, async (_, byte) => {
      const region = Buffer.from(REGION)
      region[byte] = (region[byte] ?? 0) ^ (1 << (byte % 8))
      const damaged = await verifying.verify(called(region), EXPECTED)
      const inside = EXPECTED.offsets.findLastIndex((offset) => offset <= byte)
      if (damaged.length !== 1 || damaged[0]?.index !== inside) undetected.push(byte)
    }),
  )
  assert.deepEqual(undetected, [])
})

test('serving finds every flipped bit but those of the plain CRC-32, which a reader checks', async () => {
  const undetected: number[] = []
  for (let byte = 0; byte < REGION.length; byte += 5) {
    const region = Buffer.from(REGION)
    region[byte] = (region[byte] ?? 0) ^ 0x10
    const served = await serving.serve(called(region), EXPECTED, PLACES)
    const inside = EXPECTED.offsets.findLastIndex((offset) => offset <= byte)
    const field = byte - (EXPECTED.offsets[inside] ?? 0)
    const isPlainCrc = field >= RECORD_OFFSETS.crc32 && field < RECORD_OFFSETS.crc32 + 4
    if (served.damaged.length !== 1 && !isPlainCrc) undetected.push(byte)
    served.release()
  }
  assert.deepEqual(undetected, [])
})

test('a pack that is short or gone damages the records it lacks, and only those', async () => {
  const cut = (EXPECTED.offsets[3] ?? 0) + 10
  await withPack(REGION.subarray(0, cut), async (handle) => {
    const verified = await verifying.verify(sliceOf(handle), EXPECTED)
    assert.deepEqual(
      verified.map((d) => d.index),
      [3, 4],
    )
    const served = await serving.serve(sliceOf(handle), EXPECTED, PLACES)
    assert.deepEqual(
      served.damaged.map((d) => d.index),
      [3, 4],
    )
  })
  const gone = async () => Promise.reject(new HoldfastError('pack-damaged', 'it is gone'))
  const slices = [{ length: REGION.length, read: gone }]
  assert.equal((await verifying.verify(slices, EXPECTED)).length, 5)
  const broken = async () => Promise.reject(new Error('the network'))
  await assert.rejects(verifying.verify([{ length: 9, read: broken }], EXPECTED), /the network/)
})

test('media errors damage the records they hit', async () => {
  // Unmapped memory of our own process gives EIO.
  const memory = await open('/proc/self/mem', 'r')
  const slices = [{ fd: memory.fd, offset: 0, length: REGION.length }]
  assert.equal((await verifying.verify(slices, EXPECTED)).length, 5)
  await memory.close()
})

test('a region verifies clean, also a second one in the same memory', async () => {
  await withPack(REGION, async (handle) => {
    assert.deepEqual(await verifying.verify(sliceOf(handle), EXPECTED), [])
    const first = pick([0])
    const slices = sliceOf(handle, RECORD_HEADER_BYTES + (first.storedLengths[0] ?? 0))
    assert.deepEqual(await verifying.verify(slices, first), [])
  })
})

test('a chunk with the right bytes and the digest of another is damage', async () => {
  const swapped = { ...EXPECTED, digests: Buffer.from(EXPECTED.digests) }
  swapped.digests.fill(7, 32, 64)
  const damaged = await verifying.verify(called(REGION), swapped)
  assert.deepEqual(
    damaged.map((d) => d.index),
    [1],
  )
})

test('more than a frame holds is refused', async () => {
  const slices = [{ fd: 0, offset: 0, length: 1024 * 1024 }]
  await assert.rejects(serving.serve(slices, EXPECTED, PLACES), { code: 'internal' })
})
