import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import test from 'node:test'
import { CHUNK_BYTES, chunkCount } from '../../core/model/geometry.ts'
import { noise, pattern } from './disk-bytes.ts'

const TEBIBYTE = 2 ** 40
/** The launcher's flags and environment, under which the limit has to hold. */
const FLAGS = [
  '--external-memory-accounted-in-global-limit',
  '--initial-heap-size=64',
  '--heap-growing-percent=50',
]
const MALLOC = {
  MALLOC_MMAP_THRESHOLD_: '67108864',
  MALLOC_TRIM_THRESHOLD_: '268435456',
  MALLOC_TOP_PAD_: '16777216',
}

interface Outcome {
  readonly runs: number
  readonly sentBytes: number
  readonly peakMebibytes: number
  readonly end: { readonly chunks: number; readonly records: number; readonly checksum: string }
}

async function pass(path: string, ...more: string[]): Promise<Outcome> {
  const child = join(import.meta.dirname, 'sparse-child.ts')
  const run = promisify(execFile)
  const options = { env: { ...process.env, ...MALLOC } }
  const { stdout } = await run(process.execPath, [...FLAGS, child, path, ...more], options)
  return JSON.parse(stdout) as Outcome
}

async function withFile(
  fill: (handle: FileHandle) => Promise<void>,
  use: (path: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sparse-'))
  try {
    const path = join(folder, 'disk.raw')
    const handle = await open(path, 'w')
    await fill(handle)
    await handle.close()
    await use(path)
  } finally {
    await rm(folder, { recursive: true })
  }
}

test('a sparse disk of 2.5 TiB takes no more memory or time than its data', async () => {
  const sizeBytes = 2.5 * TEBIBYTE + 512
  const places = [0, 5 * CHUNK_BYTES + 100, TEBIBYTE, TEBIBYTE + 3 * CHUNK_BYTES, sizeBytes - 512]
  await withFile(
    async (handle) => {
      await handle.truncate(sizeBytes)
      for (const [i, place] of places.entries()) await handle.write(pattern(i, 512), 0, 512, place)
    },
    async (path) => {
      const plain = await pass(path)
      const mapped = await pass(path, 'map')
      for (const { end, runs, peakMebibytes } of [plain, mapped]) {
        assert.equal(end.chunks, chunkCount(sizeBytes, CHUNK_BYTES))
        assert.equal(end.records, places.length)
        assert.ok(runs < 20)
        assert.ok(peakMebibytes < 350, `${peakMebibytes} MiB`)
      }
      assert.equal(mapped.end.checksum, plain.end.checksum)
    },
  )
})

test('memory stays bounded while much more than the limit is sent', async () => {
  const block = noise(1, CHUNK_BYTES)
  const count = 3200 // 400 MiB
  await withFile(
    async (handle) => {
      for (let i = 0; i < count; i++) {
        block.writeUInt32LE(i, 100)
        await handle.write(block, 0, CHUNK_BYTES, i * CHUNK_BYTES)
      }
    },
    async (path) => {
      const { end, sentBytes, peakMebibytes } = await pass(path)
      assert.equal(end.records, count)
      assert.ok(sentBytes > count * CHUNK_BYTES)
      assert.ok(peakMebibytes < 300, `${peakMebibytes} MiB`)
    },
  )
})
