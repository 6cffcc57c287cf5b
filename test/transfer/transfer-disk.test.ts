import assert from 'node:assert/strict'
import { open, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import type { SourceDisk } from '../../agent/source/source.ts'
import { openReadPool } from '../../agent/transfer/read-pool.ts'
import { transferDisk, type DiskTransferOptions } from '../../agent/transfer/transfer-disk.ts'
import { digestOf, ZERO_DIGEST } from '../../core/model/digest.ts'
import { PAGE_CHUNKS } from '../../core/model/geometry.ts'
import { systemClock } from '../../core/runtime/clock.ts'
import { TokenBucket } from '../../core/runtime/token-bucket.ts'
import type { MapPage__Output } from '../../core/wire/generated/holdfast/v1/MapPage.ts'
import { CHUNK, diskBytes, MemoryReader, noise, pattern } from './disk-bytes.ts'
import { receive, type ReceivedPass } from './received.ts'

const pool = openReadPool(2)
test.after(() => pool.close())

function memoryDisk(reader: MemoryReader, rawPath?: string): SourceDisk {
  return { name: 'disk', format: 'raw', sizeBytes: reader.sizeBytes, rawPath, reader }
}

function options(disk: SourceDisk, more: Partial<DiskTransferOptions> = {}): DiskTransferOptions {
  return {
    pool,
    disk,
    ordinal: 3,
    chunkBytes: CHUNK,
    level: 1,
    pages: undefined,
    throttle: new TokenBucket(systemClock, 0),
    signal: new AbortController().signal,
    ...more,
  }
}

async function inFile<T>(bytes: Buffer, use: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'transfer-'))
  try {
    const path = join(folder, 'disk.raw')
    const handle = await open(path, 'w')
    await handle.writeFile(bytes)
    await handle.close()
    return await use(path)
  } finally {
    await rm(folder, { recursive: true })
  }
}

function plainOf(pass: ReceivedPass, size: number): Buffer {
  const chunks = pass.chunks.map((chunk, i) =>
    typeof chunk === 'string' ? Buffer.alloc(Math.min(CHUNK, size - i * CHUNK)) : chunk,
  )
  return Buffer.concat(chunks)
}

const LETTERS = 'pnzhhppppnnnnzzpphphnp' + 'h'.repeat(50) + 'p'.repeat(300) + 'n'.repeat(200) + 'zp'

test('a disk without a base comes through file and reader alike, zero chunks as runs', async () => {
  const bytes = diskBytes(LETTERS, 777)
  const reader = new MemoryReader(bytes, LETTERS)
  const byReader = await receive(transferDisk(options(memoryDisk(reader))))
  const byFile = await inFile(bytes, (path) =>
    receive(transferDisk(options(memoryDisk(reader, path)))),
  )
  for (const pass of [byReader, byFile]) {
    assert.ok(plainOf(pass, bytes.length).equals(bytes))
    assert.equal(pass.chunks[2], 'ZERO')
    assert.equal(pass.chunks.at(-1)?.length, 777)
    assert.deepEqual(pass.end['checksum'], pass.checksum)
    assert.equal(pass.end['chunks'], LETTERS.length + 1)
    assert.ok(pass.digests.every((digest) => digest === undefined))
  }
  assert.deepEqual(byFile.chunks, byReader.chunks)
  assert.deepEqual(byFile.end, byReader.end)
})

test('holes are not read', async () => {
  const letters = 'h'.repeat(1000) + 'p' + 'h'.repeat(1000)
  const bytes = diskBytes(letters)
  const pass = await receive(transferDisk(options(memoryDisk(new MemoryReader(bytes, letters)))))
  assert.equal(pass.end['readBytes'], CHUNK)
  assert.ok(plainOf(pass, bytes.length).equals(bytes))
})

function pageOf(page: number, base: Buffer, staged: [number, Buffer][] = []): MapPage__Output {
  return {
    page,
    baseDigests: base,
    stagedPositions: staged.map(([position]) => position),
    stagedDigests: Buffer.concat(staged.map(([, digest]) => digest)),
  }
}

function digestsOf(bytes: Buffer, from: number, count: number): Buffer {
  const digests = []
  for (let i = from; i < from + count && i * CHUNK < bytes.length; i++) {
    const chunk = bytes.subarray(i * CHUNK, (i + 1) * CHUNK)
    digests.push(chunk.every((byte) => byte === 0) ? ZERO_DIGEST : digestOf(chunk))
  }
  return Buffer.concat(digests)
}

async function* each<T>(items: readonly T[]): AsyncIterable<T> {
  yield* items
}

test('with a map only what differs is sent, over more than one page', async () => {
  const letters = 'p'.repeat(PAGE_CHUNKS) + 'hzpn' + 'p'.repeat(40)
  const base = diskBytes(letters, 5000)
  const now = Buffer.from(base)
  pattern(9001, CHUNK).copy(now, 700 * CHUNK)
  noise(9002, CHUNK).copy(now, (PAGE_CHUNKS + 1) * CHUNK)
  pattern(9003, CHUNK).copy(now, (PAGE_CHUNKS + 20) * CHUNK)
  now.fill(0, 5 * CHUNK, 6 * CHUNK)
  now[now.length - 1] = (now.at(-1) ?? 0) ^ 1
  const staged = digestOf(now.subarray((PAGE_CHUNKS + 20) * CHUNK, (PAGE_CHUNKS + 21) * CHUNK))
  const pages = [
    pageOf(0, digestsOf(base, 0, PAGE_CHUNKS)),
    pageOf(1, digestsOf(base, PAGE_CHUNKS, PAGE_CHUNKS), [[20, staged]]),
  ]
  const disk = memoryDisk(new MemoryReader(now, letters))
  const pass = await receive(transferDisk(options(disk, { pages: each(pages) })))
  const sent = pass.chunks.flatMap((chunk, i) => (typeof chunk === 'string' ? [] : [i]))
  assert.deepEqual(sent, [700, PAGE_CHUNKS + 1, letters.length])
  assert.equal(pass.chunks[5], 'ZERO')
  assert.equal(pass.chunks[PAGE_CHUNKS], 'ZERO')
  assert.equal(pass.chunks[PAGE_CHUNKS + 20], 'STAGED')
  assert.equal(pass.chunks[6], 'BASE')
  for (const i of sent) {
    const chunk = now.subarray(i * CHUNK, (i + 1) * CHUNK)
    assert.deepEqual(pass.chunks[i], chunk)
    assert.deepEqual(pass.digests[i], digestOf(chunk))
  }
  // The next pass has the same base, and finds staged what this one has sent.
  const sentDigest = (i: number) => digestOf(now.subarray(i * CHUNK, (i + 1) * CHUNK))
  const later = [
    pageOf(0, digestsOf(base, 0, PAGE_CHUNKS), [[700, sentDigest(700)]]),
    pageOf(1, digestsOf(base, PAGE_CHUNKS, PAGE_CHUNKS), [
      [1, sentDigest(PAGE_CHUNKS + 1)],
      [20, staged],
    ]),
  ]
  const checksumOf = async () =>
    (await receive(transferDisk(options(disk, { pages: each(later) })))).end['checksum']
  assert.deepEqual(await checksumOf(), pass.end['checksum'], 'the same bytes were read')
  for (const index of [6, 700, PAGE_CHUNKS + 20]) {
    now[index * CHUNK + 9] = (now[index * CHUNK + 9] ?? 0) ^ 1
    assert.notDeepEqual(await checksumOf(), pass.end['checksum'], `not those of chunk ${index}`)
    now[index * CHUNK + 9] = (now[index * CHUNK + 9] ?? 0) ^ 1
  }
})

test('pages that do not come have nothing to compare with', async () => {
  const letters = 'p'.repeat(PAGE_CHUNKS * 2 + 3)
  const bytes = diskBytes(letters)
  const pages = each([pageOf(1, digestsOf(bytes, PAGE_CHUNKS, PAGE_CHUNKS))])
  const disk = memoryDisk(new MemoryReader(bytes, letters))
  const pass = await receive(transferDisk(options(disk, { pages })))
  assert.equal(pass.end['records'], PAGE_CHUNKS + 3)
  assert.equal(pass.chunks[PAGE_CHUNKS], 'BASE')
})

test('with a change record only its chunks are read', async () => {
  const letters = 'p'.repeat(90) + 'h'.repeat(10)
  const bytes = diskBytes(letters, 100)
  const changed = each([
    { offset: 4 * CHUNK + 17, length: CHUNK },
    { offset: 5 * CHUNK + 40, length: 1 },
    { offset: 95 * CHUNK, length: CHUNK },
    { offset: 100 * CHUNK + 99, length: 1 },
  ])
  const disk = memoryDisk(new MemoryReader(bytes, letters))
  const pass = await receive(transferDisk(options(disk, { changed })))
  const kinds = pass.chunks.map((chunk) => (typeof chunk === 'string' ? chunk : 'DATA'))
  assert.deepEqual(
    kinds.flatMap((kind, i) => (kind === 'BASE' ? [] : [`${i} ${kind}`])),
    ['4 DATA', '5 DATA', '95 ZERO', '100 DATA'],
  )
  assert.deepEqual(pass.end['checksum'], pass.checksum)
})

test('what cannot be read is told chunk by chunk and never as zeros', async () => {
  const letters = 'p'.repeat(60)
  const bytes = diskBytes(letters, 300)
  const bad = [
    { offset: 7 * CHUNK + 512, length: 512 },
    { offset: 30 * CHUNK, length: 2 * CHUNK },
  ]
  const disk = memoryDisk(new MemoryReader(bytes, letters, bad))
  const pass = await receive(transferDisk(options(disk)))
  const unreadable = pass.chunks.flatMap((chunk, i) => (chunk === 'UNREADABLE' ? [i] : []))
  assert.deepEqual(unreadable, [7, 30, 31])
  assert.equal(pass.end['unreadableChunks'], 3)
  assert.equal(pass.end['records'], 58)
  assert.deepEqual(pass.end['checksum'], pass.checksum)
})

test('a file that gives media errors is told so too', async () => {
  // Reading unmapped memory of our own process is an EIO that needs no broken disk.
  const reader = new MemoryReader(Buffer.alloc(3 * CHUNK), 'ppp')
  const pass = await receive(transferDisk(options(memoryDisk(reader, '/proc/self/mem'))))
  assert.deepEqual(pass.chunks, ['UNREADABLE', 'UNREADABLE', 'UNREADABLE'])
})

test('a file that is shorter than the disk fails the pass', async () => {
  const reader = new MemoryReader(diskBytes('pppp'), 'pppp')
  await inFile(diskBytes('ppp', 5), (path) =>
    assert.rejects(receive(transferDisk(options(memoryDisk(reader, path)))), {
      code: 'source-unsettled',
    }),
  )
})

test('a disk of 0 bytes is one end', async () => {
  const pass = await receive(
    transferDisk(options(memoryDisk(new MemoryReader(Buffer.alloc(0), '')))),
  )
  assert.equal(pass.end['chunks'], 0)
})

test('an abort in the middle ends the pass, and the pool serves the next one', async () => {
  const letters = 'n'.repeat(700)
  const bytes = diskBytes(letters)
  const abort = new AbortController()
  const frames = transferDisk(
    options(memoryDisk(new MemoryReader(bytes, letters)), { signal: abort.signal }),
  )
  await frames.next()
  abort.abort(new Error('enough'))
  await assert.rejects(frames.next(), /enough/)
  const left = transferDisk(options(memoryDisk(new MemoryReader(bytes, letters))))
  await left.next()
  await left.return(undefined)
  const again = await receive(transferDisk(options(memoryDisk(new MemoryReader(bytes, letters)))))
  assert.ok(plainOf(again, bytes.length).equals(bytes))
})

test('several passes share a pool and a slow one does not hold up the others', async () => {
  const letters = 'pn'.repeat(150)
  const disks = [1, 2, 3].map((seed) => diskBytes(letters, seed, seed * 1000))
  const stalled = transferDisk(
    options(memoryDisk(new MemoryReader(disks[0] ?? Buffer.alloc(0), letters))),
  )
  await stalled.next()
  const passes = await Promise.all(
    disks.map((bytes) =>
      receive(transferDisk(options(memoryDisk(new MemoryReader(bytes, letters))))),
    ),
  )
  for (const [i, pass] of passes.entries())
    assert.ok(plainOf(pass, disks[i]?.length ?? 0).equals(disks[i] ?? Buffer.alloc(0)))
  await stalled.return(undefined)
})
