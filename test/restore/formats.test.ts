import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { promisify } from 'node:util'
import { runRestore } from '../../agent/restore/restore.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { namesIn, optionsFor, restoreOrThrow, temporaryFolder } from './harness.ts'
import { PointSource } from './point-source.ts'
import { SAMPLE_CHUNK_BYTES, sampleDisk } from './sample-disk.ts'

const run = promisify(execFile)
const MIB = 1024 * 1024

interface Case {
  readonly format: string
  readonly preallocate: boolean
  readonly driver: string
  readonly extension: string
}

const CASES: Case[] = [
  { format: 'qcow2', driver: 'qcow2', extension: 'qcow2', preallocate: false },
  { format: 'qcow2', driver: 'qcow2', extension: 'qcow2', preallocate: true },
  { format: 'vhd', driver: 'vpc', extension: 'vhd', preallocate: false },
  { format: 'vhd', driver: 'vpc', extension: 'vhd', preallocate: true },
  { format: 'vhd-fixed', driver: 'vpc', extension: 'vhd', preallocate: false },
  { format: 'vhd-fixed', driver: 'vpc', extension: 'vhd', preallocate: true },
  { format: 'vhdx', driver: 'vhdx', extension: 'vhdx', preallocate: false },
  { format: 'vhdx', driver: 'vhdx', extension: 'vhdx', preallocate: true },
  { format: 'vmdk', driver: 'vmdk', extension: 'vmdk', preallocate: false },
  { format: 'vmdk', driver: 'vmdk', extension: 'vmdk', preallocate: true },
]
// One that ends on a sector, one in the middle of a sector and of a chunk.
const SIZES = [9 * MIB, 5 * MIB + 3 * SAMPLE_CHUNK_BYTES + 700]

for (const { format, preallocate, driver, extension } of CASES)
  for (const size of SIZES)
    test(`${format}${preallocate ? ', preallocated' : ''}, ${size} bytes`, async (t) => {
      const folder = await temporaryFolder(t)
      const disk = sampleDisk(size)
      const source = new PointSource([disk])
      const outcome = await runRestore(optionsFor(folder, source, { format, preallocate }))
      assert.equal(outcome.state, 'completed', outcome.error?.message)
      const file = join(folder, `restored.${extension}`)
      assert.deepEqual(outcome.files, [file])
      assert.deepEqual(await readBack(folder, file, driver), padded(disk.bytes))
      assert.equal(outcome.changes.length, size % 512 === 0 ? 0 : 1, outcome.changes.join())
      const flat = driver === 'vmdk' && preallocate ? ['restored-flat.vmdk'] : []
      assert.deepEqual(await namesIn(folder), [...flat, `restored.${extension}`])
      await checkAllocation(join(folder, flat[0] ?? `restored.${extension}`), source, preallocate)
    })

async function readBack(folder: string, file: string, driver: string): Promise<Buffer> {
  const raw = join(folder, '.undo', 'back.raw')
  await run('qemu-img', ['convert', '-f', driver, '-O', 'raw', file, raw])
  if (driver === 'qcow2' || driver === 'vhdx') await run('qemu-img', ['check', '-f', driver, file])
  return readFile(raw)
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)])
}

/** The sample is half holes, so that sparse and preallocated files are far apart. */
async function checkAllocation(file: string, source: PointSource, isFull: boolean): Promise<void> {
  const { sizeBytes, allocatedBytes } = source.restoreDisks()[0]!
  const taken = (await stat(file)).blocks * 512
  if (isFull) assert.ok(taken >= sizeBytes, `${taken} of ${sizeBytes}`)
  // VHD and VHDX take whole blocks of 2 and 8 MiB or more: only what is written of them is there.
  else assert.ok(taken <= allocatedBytes + 2 * MIB, `${taken} for ${allocatedBytes}`)
}

test('formats that cannot hold a disk refuse it before a byte moves', async (t) => {
  const folder = await temporaryFolder(t)
  const source = new PointSource([sampleDisk(MIB)])
  const disk = source.restoreDisks()[0]!
  const TIB = 2 ** 40
  const refused: [string, number][] = [
    ['vhd', 2041 * 2 ** 30],
    ['vhd-fixed', 2041 * 2 ** 30],
    ['vhdx', 64 * TIB + 1],
    ['vmdk', 62 * TIB + 1],
    ['vhd', 0],
    ['vmdk', 0],
  ]
  for (const [format, sizeBytes] of refused)
    await assert.rejects(
      restoreOrThrow(optionsFor(folder, source, { format, disks: [{ ...disk, sizeBytes }] })),
      { code: 'format-cannot-hold' },
      format,
    )
  assert.deepEqual(await namesIn(folder), [])
  assert.equal(source.requests.length, 0)
})

test('without the tools of QEMU only raw is restored', async (t) => {
  const folder = await temporaryFolder(t)
  const source = new PointSource([sampleDisk(MIB)])
  const path = process.env['PATH']
  process.env['PATH'] = folder
  try {
    const attempt = restoreOrThrow(optionsFor(folder, source, { format: 'qcow2' }))
    await assert.rejects(attempt, { code: 'tool-missing' })
    await restoreOrThrow(optionsFor(folder, source, {}))
  } finally {
    process.env['PATH'] = path
  }
  assert.deepEqual(await namesIn(folder), ['restored.raw'])
})

test('a cancelled or damaged restore of an image leaves no file and no process', async (t) => {
  const folder = await temporaryFolder(t)
  const damaged = new PointSource([sampleDisk(9 * MIB)], { damagedChunk: 40 })
  await assert.rejects(restoreOrThrow(optionsFor(folder, damaged, { format: 'qcow2' })), {
    code: 'chunk-damaged',
  })
  const stop = new AbortController()
  const source = new PointSource([sampleDisk(9 * MIB)], {
    beforeFrame: (frame) => {
      if (frame === 20) stop.abort(new HoldfastError('job-cancelled', 'stop'))
    },
  })
  const options = optionsFor(folder, source, { format: 'vmdk', preallocate: true })
  assert.equal((await runRestore({ ...options, signal: stop.signal })).state, 'cancelled')
  assert.deepEqual(await namesIn(folder), [])
})
