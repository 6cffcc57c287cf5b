import assert from 'node:assert/strict'
import { mkdtemp, open, readFile, rm, writeFile, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { openChunkWorkers } from '../../core/chunk/chunk-workers.ts'
import { openRestorePool, type PlainSink } from '../../core/chunk/restore-pool.ts'
import { RECORD_HEADER_BYTES, RECORD_OFFSETS, encodePlace } from '../../core/chunk/record.ts'
import type { RestoredDisk } from '../../core/chunk/restore.ts'
import { digestOf } from '../../core/model/digest.ts'
import { openDirect } from '../../core/runtime/open-direct.ts'
import { lacks } from '../support/needs.ts'
import { noise, pattern, record } from './records.ts'

const workers = openChunkWorkers()
const pool = openRestorePool(workers)
test.after(() => workers.close())

const CHUNK = 16 * 1024
const COUNT = 300
const DISK: RestoredDisk = {
  ordinal: 2,
  name: 'root.raw',
  sizeBytes: COUNT * CHUNK + 500,
  chunkBytes: CHUNK,
}
/** Every seventh chunk is a hole, the last one is short. */
const PLAINS = Array.from({ length: COUNT + 1 }, (_, i) =>
  i % 7 === 5 ? undefined : (i % 2 ? noise : pattern)(i, i === COUNT ? 500 : CHUNK),
)
const WHOLE = Buffer.concat(PLAINS.map((plain) => plain ?? Buffer.alloc(CHUNK)))

function wire(index: number, plain: Buffer, ordinal = DISK.ordinal): Buffer {
  return record(encodePlace(ordinal, index), plain, digestOf(plain))
}

function frames(): Buffer[] {
  const result: Buffer[] = []
  for (let i = 0; i < PLAINS.length; i += 40)
    result.push(
      Buffer.concat(
        PLAINS.slice(i, i + 40).map((plain, k) => (plain ? wire(i + k, plain) : Buffer.alloc(0))),
      ),
    )
  return result
}

async function intoFile(use: (sink: PlainSink & { fd: number }) => Promise<void>): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'restore-'))
  const path = join(folder, 'disk')
  const handle = await open(path, 'w+')
  try {
    await handle.truncate(DISK.sizeBytes)
    await use({ fd: handle.fd })
    return await readFile(path)
  } finally {
    await handle.close()
    await rm(folder, { recursive: true })
  }
}

test('frames become the disk in a file', async () => {
  const disk = await intoFile(async (sink) => {
    const written = await Promise.all(frames().map((frame) => pool.write(frame, DISK, sink)))
    const expected = PLAINS.reduce((sum, plain) => sum + (plain?.length ?? 0), 0)
    assert.equal(
      written.reduce((a, b) => a + b, 0),
      expected,
    )
  })
  assert.ok(disk.equals(WHOLE))
})

/** Writes all frames, whole units to one file and the rest to another. */
async function intoTwo(openDirectly: (path: string) => Promise<FileHandle>) {
  const folder = await mkdtemp(join(tmpdir(), 'restore-'))
  const paths = { direct: join(folder, 'direct'), other: join(folder, 'other') }
  for (const path of Object.values(paths)) await writeFile(path, '')
  const other = await open(paths.other, 'r+')
  const direct = await openDirectly(paths.direct)
  try {
    const sink = { fd: other.fd, direct: direct.fd }
    await Promise.all(frames().map((frame) => pool.write(frame, DISK, sink)))
    return { direct: await readFile(paths.direct), other: await readFile(paths.other) }
  } finally {
    await direct.close()
    await other.close()
    await rm(folder, { recursive: true })
  }
}

test('whole units go past the page cache, and what is left of the last chunk through it', async (t) => {
  const opened = await intoTwo(async (path) => {
    const direct = await openDirect(path)
    return direct ?? (await open('/dev/null', 'w'))
  })
  if (lacks(t, 'direct writes in the temporary folder', opened.direct.length > 0)) return
  const end = COUNT * CHUNK
  // The chunk before the last is a hole: nothing was written there.
  assert.ok(Buffer.concat([opened.direct], end).equals(WHOLE.subarray(0, end)))
  assert.ok(opened.other.subarray(end).equals(WHOLE.subarray(end)))
  assert.ok(opened.other.subarray(0, end).every((byte) => byte === 0))
})

test('a file that takes no direct writes after all is written through the page cache', async () => {
  // It refuses whatever is no number, in the way of a file system that knows no direct writes.
  const { other } = await intoTwo(() => open('/proc/self/oom_score_adj', 'r+'))
  assert.ok(other.equals(WHOLE))
})

test('frames become the disk through a writer, in few large writes that may end out of order', async () => {
  const disk = Buffer.alloc(DISK.sizeBytes)
  let writes = 0
  const sink: PlainSink = {
    async write(offset, data) {
      writes++
      await new Promise((resolve) => setImmediate(resolve))
      disk.set(data, offset)
    },
  }
  await Promise.all(frames().map((frame) => pool.write(frame, DISK, sink)))
  assert.ok(disk.equals(WHOLE))
  assert.ok(writes < 80, `${writes} writes for 257 chunks`)
})

test('a frame that holds a hundred times its size goes through in small steps', async () => {
  const big: RestoredDisk = {
    ordinal: 0,
    name: 'big',
    sizeBytes: 400 * 131_072,
    chunkBytes: 131_072,
  }
  const plain = Buffer.alloc(131_072, 9)
  const frame = Buffer.concat(
    Array.from({ length: 400 }, (_, i) => record(i, plain, digestOf(plain))),
  )
  let largest = 0
  let sum = 0
  const sink: PlainSink = {
    async write(_offset, data) {
      largest = Math.max(largest, data.length)
      sum += data.length
    },
  }
  assert.equal(await pool.write(frame, big, sink), big.sizeBytes)
  assert.equal(sum, big.sizeBytes)
  assert.equal(largest, 1024 * 1024)
})

test('a damaged chunk is refused by disk and offset, and nothing of it is written', async () => {
  const plain = noise(5, CHUNK)
  for (const at of [RECORD_HEADER_BYTES + 7, RECORD_OFFSETS.digest + 3]) {
    const bad = wire(5, plain)
    bad[at] = (bad[at] ?? 0) ^ 0x20
    const offset = 5 * CHUNK
    const failure = {
      code: 'chunk-damaged',
      message: `The chunk at offset ${offset} of disk root.raw does not match its digest`,
      details: { ordinal: 2, disk: 'root.raw', offset, length: CHUNK },
    }
    const disk = await intoFile((sink) =>
      assert.rejects(pool.write(Buffer.from(bad), DISK, sink), failure),
    )
    assert.ok(disk.every((byte) => byte === 0))
    const writer: PlainSink = { write: () => Promise.reject(new Error('never called')) }
    await assert.rejects(pool.write(Buffer.from(bad), DISK, writer), failure)
  }
})

test('no flipped bit of a frame ends as other bytes on the disk at its place', async () => {
  const plains = [pattern(1, CHUNK), pattern(2, CHUNK)]
  const sent = Buffer.concat(plains.map((plain, i) => wire(i + 1, plain)))
  const calls = []
  for (let bit = 0; bit < sent.length * 8; bit += 131) {
    const bytes = Buffer.from(sent)
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    const written = new Map<number, Buffer>()
    const sink: PlainSink = {
      async write(offset, data) {
        for (let k = 0; k < data.length; k += CHUNK)
          written.set(offset + k, Buffer.from(data.subarray(k, k + CHUNK)))
      },
    }
    const check = (): void => {
      // A flipped place is another place: the order of frames is checked by whoever takes them.
      for (const chunk of written.values()) assert.ok(plains.some((plain) => plain.equals(chunk)))
    }
    calls.push(pool.write(bytes, DISK, sink).then(check, check))
  }
  await Promise.all(calls)
})

test('records of another disk, beyond the end or of a wrong length are refused', async () => {
  const sink: PlainSink = { write: () => Promise.reject(new Error('never called')) }
  const refused = [
    wire(1, pattern(1, CHUNK), 3),
    wire(COUNT + 1, pattern(1, CHUNK)),
    wire(COUNT, pattern(1, CHUNK)),
    wire(1, pattern(1, 500)),
    Buffer.from('no record at all'),
  ]
  for (const frame of refused)
    await assert.rejects(pool.write(frame, DISK, sink), { code: 'protocol-violation' })
})

test('a full or closed target is told as such', async () => {
  const full = await open('/dev/full', 'w')
  await assert.rejects(pool.write(wire(1, pattern(1, CHUNK)), DISK, { fd: full.fd }), {
    code: 'target-full',
  })
  await full.close()
  const readOnly = await open('/dev/null', 'r')
  await assert.rejects(pool.write(wire(1, pattern(1, CHUNK)), DISK, { fd: readOnly.fd }), {
    code: 'target-write-failed',
  })
  await readOnly.close()
  const failing: PlainSink = { write: () => Promise.reject(new Error('the writer failed')) }
  await assert.rejects(pool.write(wire(1, pattern(1, CHUNK)), DISK, failing), /the writer failed/)
})
