import assert from 'node:assert/strict'
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { openReadPool } from '../../agent/transfer/read-pool.ts'
import { transferDisk } from '../../agent/transfer/transfer-disk.ts'
import { openChunkWorkers } from '../../core/chunk/chunk-workers.ts'
import type { ExpectedRecords } from '../../core/chunk/expected.ts'
import { openInspectPool } from '../../core/chunk/inspect-pool.ts'
import { RECORD_HEADER_BYTES, encodePlace } from '../../core/chunk/record.ts'
import { recordDigest, writePlace } from '../../core/chunk/record-header.ts'
import { recordsOf } from '../../core/chunk/record-list.ts'
import { openRestorePool } from '../../core/chunk/restore-pool.ts'
import { openServePool, openVerifyPool, type ServedRecords } from '../../core/chunk/serve-pool.ts'
import { decodePlace } from '../../core/chunk/record.ts'
import { systemClock } from '../../core/runtime/clock.ts'
import { TokenBucket } from '../../core/runtime/token-bucket.ts'
import { FRAME_PREFIX_BYTES } from '../../core/wire/frame.ts'
import { FRAME_BYTES } from '../../core/wire/options.ts'
import { CHUNK, diskBytes, MemoryReader } from './disk-bytes.ts'

const readPool = openReadPool()
const workers = openChunkWorkers()
const inspecting = openInspectPool(workers)
const verifying = openVerifyPool(workers)
const restoring = openRestorePool(workers)
const serving = openServePool(workers, {
  headroomBytes: FRAME_PREFIX_BYTES,
  frameBytes: FRAME_BYTES,
})
test.after(() => Promise.all([readPool.close(), workers.close()]))

const LETTERS = 'pnhzpp'.repeat(40) + 'n'.repeat(150) + 'h'.repeat(90) + 'p'.repeat(200)
const BYTES = diskBytes(LETTERS, 1234)
const FIRST_CHUNK = 1024 * 9

/** The pack that a server makes of a pass, and what its catalog would know. */
async function pack(): Promise<Buffer> {
  const reader = new MemoryReader(BYTES, LETTERS)
  const parts: Buffer[] = []
  let chunk = FIRST_CHUNK
  for await (const frame of transferDisk({
    pool: readPool,
    disk: { name: 'd', format: 'raw', sizeBytes: BYTES.length, rawPath: undefined, reader },
    ordinal: 0,
    chunkBytes: CHUNK,
    level: 1,
    pages: undefined,
    throttle: new TokenBucket(systemClock, 0),
    signal: new AbortController().signal,
  })) {
    if (!('records' in frame)) continue
    const records = Buffer.from(frame.records.subarray(FRAME_PREFIX_BYTES))
    const inspected = await inspecting.inspect(records)
    for (const offset of inspected.offsets) writePlaceIn(inspected.records, offset, chunk++)
    parts.push(Buffer.from(inspected.records))
    inspected.release()
  }
  return Buffer.concat(parts)
}

const places = new Map<number, number>()

function writePlaceIn(records: Buffer, offset: number, chunk: number): void {
  const { index } = decodePlace(records.readUInt32LE(offset + 16))
  places.set(chunk, encodePlace(0, index))
  writePlace(records, offset, chunk)
}

interface Region {
  readonly offset: number
  readonly length: number
  readonly expected: ExpectedRecords
}

/** Regions of at most 200 records and half a frame. */
function regionsOf(packed: Buffer): Region[] {
  const found = [...recordsOf(packed)]
  const regions: Region[] = []
  for (let i = 0; i < found.length;) {
    let k = i
    let length = 0
    while (k < found.length && k - i < 200 && length < FRAME_BYTES / 2) {
      length += found[k]?.totalBytes ?? 0
      k++
    }
    const records = found.slice(i, k)
    const offset = records[0]?.offset ?? 0
    regions.push({
      offset,
      length,
      expected: {
        offsets: Uint32Array.from(records, (r) => r.offset - offset),
        chunks: Float64Array.from(records, (r) => r.place),
        storedLengths: Uint32Array.from(records, (r) => r.totalBytes - RECORD_HEADER_BYTES),
        plainLengths: Uint32Array.from(records, (r) => r.plainLength),
        codecs: Uint8Array.from(records, (r) => r.codec),
        digests: Buffer.concat(records.map((r) => Buffer.from(recordDigest(packed, r.offset)))),
      },
    })
    i = k
  }
  return regions
}

test('one disk goes from its reader through a pack back into a file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'round-trip-'))
  try {
    const packed = await pack()
    const packFile = await open(join(folder, 'pack'), 'w+')
    await packFile.write(packed)
    const target = await open(join(folder, 'disk'), 'w+')
    await target.truncate(BYTES.length)
    const disk = { ordinal: 0, name: 'd', sizeBytes: BYTES.length, chunkBytes: CHUNK }
    for (const { offset, length, expected } of regionsOf(packed)) {
      const slices = [{ fd: packFile.fd, offset, length }]
      assert.deepEqual(await verifying.verify(slices, expected), [])
      const wire = Float64Array.from(expected.chunks, (chunk) => places.get(chunk) ?? -1)
      const served: ServedRecords = await serving.serve(slices, expected, wire)
      assert.deepEqual(served.damaged, [])
      const records = Buffer.from(served.frame.subarray(FRAME_PREFIX_BYTES))
      served.release()
      await restoring.write(records, disk, { fd: target.fd })
    }
    await target.close()
    await packFile.close()
    assert.ok((await readFile(join(folder, 'disk'))).equals(BYTES))
  } finally {
    await rm(folder, { recursive: true })
  }
})
