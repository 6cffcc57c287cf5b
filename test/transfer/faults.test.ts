import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { openReadPool, type ReadPool } from '../../agent/transfer/read-pool.ts'
import { transferDisk, type DiskTransferOptions } from '../../agent/transfer/transfer-disk.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { systemClock, type Clock } from '../../core/runtime/clock.ts'
import { TokenBucket } from '../../core/runtime/token-bucket.ts'
import type { MapPage__Output } from '../../core/wire/generated/holdfast/v1/MapPage.ts'
import { CHUNK, diskBytes, MemoryReader } from './disk-bytes.ts'
import { receive } from './received.ts'

const pool = openReadPool(2)
test.after(() => pool.close())

const LETTERS = 'pn'.repeat(300)
const BYTES = diskBytes(LETTERS, 99)

function options(more: Partial<DiskTransferOptions> = {}): DiskTransferOptions {
  const reader = new MemoryReader(BYTES, LETTERS)
  return {
    pool,
    disk: { name: 'd', format: 'raw', sizeBytes: BYTES.length, rawPath: undefined, reader },
    ordinal: 0,
    chunkBytes: CHUNK,
    level: 1,
    pages: undefined,
    throttle: new TokenBucket(systemClock, 0),
    signal: new AbortController().signal,
    ...more,
  }
}

test('a worker that is lost fails the pass at its place, and nothing hangs', async () => {
  for (const lost of [1, 2, 3]) {
    let reads = 0
    const failing: ReadPool = {
      ...pool,
      read: (task) =>
        ++reads === lost
          ? Promise.reject(new HoldfastError('internal', 'A worker thread ended: exit 1'))
          : pool.read(task),
    }
    await assert.rejects(receive(transferDisk(options({ pool: failing }))), /worker thread ended/)
  }
  const pass = await receive(transferDisk(options()))
  assert.equal(pass.end['records'], LETTERS.length + 1)
})

test('an error of the map, of the allocation or of the reader ends the pass with that error', async () => {
  async function* pages(): AsyncIterable<MapPage__Output> {
    yield* []
    throw new HoldfastError('stalled', 'the map does not come')
  }
  await assert.rejects(receive(transferDisk(options({ pages: pages() }))), { code: 'stalled' })
  class Failing extends MemoryReader {
    override async read(offset: number, into: Uint8Array): Promise<void> {
      if (offset > 300 * CHUNK) throw new HoldfastError('source-missing', 'the export is gone')
      return super.read(offset, into)
    }
  }
  const reader = new Failing(BYTES, LETTERS)
  const disk = { name: 'd', format: 'raw', sizeBytes: BYTES.length, rawPath: undefined, reader }
  await assert.rejects(receive(transferDisk(options({ disk }))), { code: 'source-missing' })
})

test('a pass that is given up closes its file, its map and its allocation', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'faults-'))
  try {
    const rawPath = join(folder, 'disk')
    await writeFile(rawPath, BYTES)
    const closed: string[] = []
    class Watched extends MemoryReader {
      override async *allocation() {
        try {
          yield* super.allocation()
        } finally {
          closed.push('allocation')
        }
      }
    }
    async function* pages(): AsyncIterable<MapPage__Output> {
      try {
        for (let page = 0; ; page++)
          yield {
            page,
            baseDigests: Buffer.alloc(0),
            stagedPositions: [],
            stagedDigests: Buffer.alloc(0),
          }
      } finally {
        closed.push('map')
      }
    }
    const reader = new Watched(BYTES, LETTERS)
    const disk = { name: 'd', format: 'raw', sizeBytes: BYTES.length, rawPath, reader }
    const before = (await readdir('/proc/self/fd')).length
    const frames = transferDisk(options({ disk, pages: pages() }))
    await frames.next()
    await frames.return(undefined)
    assert.deepEqual(closed.sort(), ['allocation', 'map'])
    assert.equal((await readdir('/proc/self/fd')).length, before)
    const missing = { ...disk, rawPath: join(folder, 'none') }
    await assert.rejects(receive(transferDisk(options({ disk: missing }))), {
      code: 'source-missing',
    })
  } finally {
    await rm(folder, { recursive: true })
  }
})

/** Time passes only by sleeping. */
class SleepingClock implements Clock {
  ms = 0
  now = () => this.ms
  monotonic = () => this.ms
  sleep = async (ms: number) => {
    this.ms += Math.max(1, Math.ceil(ms)) // as real time: no sleep is shorter
  }
}

test('the rate limit counts what is sent, and progress ends at the disk', async () => {
  const clock = new SleepingClock()
  const rate = 1_000_000
  const shown: { doneBytes: number; sentBytes: number }[] = []
  const throttle = new TokenBucket(clock, rate)
  const onProgress = (progress: { doneBytes: number; sentBytes: number }) =>
    shown.push({ doneBytes: progress.doneBytes, sentBytes: progress.sentBytes })
  await receive(transferDisk(options({ throttle, onProgress })))
  const last = shown.at(-1)
  assert.equal(last?.doneBytes, BYTES.length)
  assert.ok(shown.every((at, i) => i === 0 || at.doneBytes > (shown[i - 1]?.doneBytes ?? 0)))
  const expectedMs = ((last?.sentBytes ?? 0) / rate) * 1000
  assert.ok(Math.abs(clock.ms - expectedMs) < 1500, `${clock.ms} ms for ${expectedMs}`)
})
