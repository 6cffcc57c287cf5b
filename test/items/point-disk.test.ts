import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { openChunkWorkers } from '../../core/chunk/chunk-workers.ts'
import { openOpenPool } from '../../core/chunk/open-pool.ts'
import type { AllocatedExtent } from '../../core/disk/disk.ts'
import { chunkLength, PAGE_CHUNKS } from '../../core/model/geometry.ts'
import { systemClock } from '../../core/runtime/clock.ts'
import { systemRandom } from '../../core/runtime/random.ts'
import { releaseReadersOf } from '../../server/catalog/readers.ts'
import { deletePoint } from '../../server/flows/point-deletion.ts'
import { openPointDisk, type PointDiskDeps } from '../../server/items/point-disk.ts'
import { SharedChunks } from '../../server/items/shared-chunks.ts'
import { chunkBytes } from '../store/records.ts'
import { codeOf, errorOf } from '../support/rpc.ts'
import { CHUNK, seeds, StoredPoints } from '../support/stored-points.ts'
import { flipByte } from './chunk-damage.ts'

interface Fixture {
  readonly points: StoredPoints
  readonly deps: PointDiskDeps
}

async function fixture(t: TestContext): Promise<Fixture> {
  const points = await StoredPoints.create(t)
  const workers = openChunkWorkers(1)
  t.after(() => workers.close())
  await points.source('web')
  const { database, store } = points
  const pool = openOpenPool(workers)
  return {
    points,
    deps: { database, store, pool, random: systemRandom, serverId: 'server-test' },
  }
}

function bytesOf(content: readonly number[]): Buffer {
  const sizeBytes = content.length * CHUNK - 100
  return Buffer.concat(
    content.map((seed, i) => {
      const length = chunkLength(i, sizeBytes, CHUNK)
      return seed === 0 ? Buffer.alloc(length) : chunkBytes(seed, length)
    }),
  )
}

/** Over two pages and a half, with zeros inside a page, across two and at the end of one. */
const CONTENT = [
  ...seeds(1, 40),
  ...Array<number>(30).fill(0),
  ...seeds(100, 100 + PAGE_CHUNKS - 90),
  ...Array<number>(50).fill(0),
  ...seeds(2000, 2500),
  0,
  7,
]

void test('reads at any place are the bytes of the disk', async (t) => {
  const { points, deps } = await fixture(t)
  const { point } = await points.point('web', [CONTENT])
  const disk = await openPointDisk(deps, { point, disk: undefined, purpose: 'test' })
  const whole = bytesOf(CONTENT)
  assert.equal(disk.sizeBytes, whole.length)
  const places: [number, number][] = [
    [0, 1],
    [0, whole.length],
    [CHUNK - 1, 2],
    [38 * CHUNK + 5, 5 * CHUNK],
    [(PAGE_CHUNKS - 3) * CHUNK, 9 * CHUNK],
    [whole.length - 1, 1],
    [whole.length - CHUNK - 7, CHUNK + 7],
    [whole.length, 0],
  ]
  for (let i = 0; i < 200; i++) {
    const offset = (i * 7919 * 131) % whole.length
    places.push([offset, Math.min((i * 641) % (12 * CHUNK), whole.length - offset)])
  }
  await Promise.all(
    places.map(async ([offset, length]) => {
      const read = await disk.read(offset, length)
      assert.ok(read.equals(whole.subarray(offset, offset + length)), `${offset} ${length}`)
    }),
  )
  await disk.close()
})

void test('reading forward through a small cache gives every byte, and nothing beyond the end', async (t) => {
  const { points, deps } = await fixture(t)
  const { point } = await points.point('web', [CONTENT])
  const disk = await openPointDisk(
    deps,
    { point, disk: 'disk0', purpose: 'test' },
    { cacheBytes: 40 * CHUNK },
  )
  const whole = bytesOf(CONTENT)
  for (let at = 0; at < whole.length; at += 10_000) {
    const length = Math.min(10_000, whole.length - at)
    assert.ok((await disk.read(at, length)).equals(whole.subarray(at, at + length)), `at ${at}`)
  }
  for (const [offset, length] of [
    [whole.length, 1],
    [-1, 1],
    [0, whole.length + 1],
    [0.5, 1],
  ] as const)
    await assert.rejects(disk.read(offset, length), RangeError)
  await disk.close()
})

void test('holes come from the map', async (t) => {
  const { points, deps } = await fixture(t)
  const { point } = await points.point('web', [CONTENT])
  const disk = await openPointDisk(deps, { point, disk: 'disk0', purpose: 'test' })
  const extents: AllocatedExtent[] = []
  for await (const extent of disk.allocation()) extents.push(extent)
  let at = 0
  for (const { offset, length, zero } of extents) {
    assert.equal(offset, at)
    at += length
    const bytes = bytesOf(CONTENT).subarray(offset, at)
    assert.equal(bytes.equals(Buffer.alloc(length)), zero)
  }
  assert.equal(at, disk.sizeBytes)
  assert.equal(extents.filter(({ zero }) => zero).length, 3)
  const inside: AllocatedExtent[] = []
  for await (const extent of disk.allocation(45 * CHUNK + 3, 100)) inside.push(extent)
  assert.deepEqual(inside, [{ offset: 45 * CHUNK + 3, length: 100, zero: true }])
  await disk.close()
})

void test('a damaged chunk is refused and recorded; its neighbours are had', async (t) => {
  const { points, deps } = await fixture(t)
  const { point } = await points.point('web', [CONTENT])
  const [segment] = await points.database.query<{ name: string; offset: number; lengths: Buffer }>(
    `SELECT pack.name, base_offset AS offset, lengths FROM segment JOIN pack ON pack.id = pack
      WHERE segment.id = $1`,
    [Math.floor(points.chunkOf(5) / PAGE_CHUNKS)],
  )
  assert.ok(segment)
  let offset = segment.offset
  const position = points.chunkOf(5) % PAGE_CHUNKS
  for (let i = 0; i < position; i++) offset += 80 + (segment.lengths.readUInt32LE(i * 4) >>> 8)
  await flipByte(points.folder, segment.name, offset + 90)
  const disk = await openPointDisk(deps, { point, disk: 'disk0', purpose: 'test' })
  const whole = bytesOf(CONTENT)
  const error = await errorOf(disk.read(0, 10 * CHUNK))
  assert.equal(error.code, 'chunk-damaged')
  assert.match(error.message, new RegExp(`disk0.* offset ${4 * CHUNK} `))
  assert.ok((await disk.read(0, 4 * CHUNK)).equals(whole.subarray(0, 4 * CHUNK)))
  const after = await disk.read(5 * CHUNK, 20 * CHUNK)
  assert.ok(after.equals(whole.subarray(5 * CHUNK, 25 * CHUNK)))
  assert.equal(await codeOf(disk.read(4 * CHUNK + 7, 1)), 'chunk-damaged')
  const damage = await points.database.query(`SELECT chunk FROM damage`)
  assert.deepEqual(damage, [{ chunk: points.chunkOf(5) }])
  const [state] = await points.database.query(`SELECT state FROM recovery_point`)
  assert.deepEqual(state, { state: 'damaged' })
  await disk.close()
})

void test('what could not be read when the point was made is refused, and is no hole', async (t) => {
  const { points, deps } = await fixture(t)
  const { point } = await points.point('web', [[1, 0, 0, 4]])
  await points.database.query(`UPDATE version_disk SET unreadable = ARRAY[$1, $2]::int8[]`, [
    CHUNK,
    CHUNK,
  ])
  const disk = await openPointDisk(deps, { point, disk: 'disk0', purpose: 'test' })
  assert.equal(await codeOf(disk.read(CHUNK, 1)), 'source-unreadable')
  assert.equal((await disk.read(2 * CHUNK, CHUNK)).length, CHUNK)
  const zeros: number[] = []
  for await (const { offset, zero } of disk.allocation()) if (zero) zeros.push(offset)
  assert.deepEqual(zeros, [2 * CHUNK])
  await disk.close()
})

void test('an open disk keeps its point from being deleted', async (t) => {
  const { points, deps } = await fixture(t)
  const first = await points.point('web', [[1, 2, 0, 4]])
  await points.point('web', [[1, 2, 3, 4]])
  const changes = { ...deps, clock: systemClock }
  const disk = await openPointDisk(deps, { point: first.point, disk: 'disk0', purpose: 'export' })
  const error = await errorOf(deletePoint(changes, first.point, null, 'ann'))
  assert.equal(error.code, 'point-held')
  assert.match(error.message, /export-\w+ reads/)
  await disk.close()
  await disk.close()
  assert.equal((await deletePoint(changes, first.point, null, 'ann')).deleted, true)
  const wanted = { point: first.point, disk: 'disk0', purpose: 'export' }
  assert.equal(await codeOf(openPointDisk(deps, wanted)), 'not-found')
})

void test('a server that starts lets go what it held when it was killed, and no other’s', async (t) => {
  const { points, deps } = await fixture(t)
  const { point } = await points.point('web', [[1, 2]])
  await openPointDisk(deps, { point, disk: 'disk0', purpose: 'export' })
  await openPointDisk({ ...deps, serverId: 'server' }, { point, disk: undefined, purpose: 'x' })
  await releaseReadersOf(points.database, 'server')
  const left = await points.database.query<{ holder: string }>(`SELECT holder FROM hold`)
  assert.match(left.map(({ holder }) => holder).join(), /^reader:server-test:export-\w+$/)
})

void test('a disk is named where there are several', async (t) => {
  const { points, deps } = await fixture(t)
  const { point } = await points.point('web', [[1, 2], [3]])
  const open = (disk: string | undefined) => openPointDisk(deps, { point, disk, purpose: 'test' })
  assert.equal(await codeOf(open(undefined)), 'ambiguous-name')
  assert.equal(await codeOf(open('sda')), 'not-found')
  const disk = await open('disk1')
  assert.ok((await disk.read(0, disk.sizeBytes)).equals(bytesOf([3])))
  await disk.close()
  assert.deepEqual(await points.database.query(`SELECT 1 FROM hold`), [])
})

void test('chunks that several readers share are whole for each of them, after others have closed', async (t) => {
  const { points, deps } = await fixture(t)
  const { point } = await points.point('web', [CONTENT])
  const shared = new SharedChunks(2 ** 30)
  const whole = bytesOf(CONTENT)
  for (let round = 0; round < 3; round++) {
    const wanted = { point, disk: undefined, purpose: 'test' }
    const disk = await openPointDisk(deps, wanted, { shared, cacheBytes: 40 * CHUNK })
    assert.ok((await disk.read(0, whole.length)).equals(whole), `reader ${round}`)
    await disk.close()
  }
  assert.ok(shared.hits > CONTENT.length)
})

void test('what is being read when the disk is closed arrives whole', async (t) => {
  const { points, deps } = await fixture(t)
  const { point } = await points.point('web', [CONTENT])
  const disk = await openPointDisk(deps, { point, disk: undefined, purpose: 'test' })
  const whole = bytesOf(CONTENT)
  const reads = [0, 3, 200, 1500].map((first) => disk.read(first * CHUNK, 20 * CHUNK))
  await disk.close()
  for (const [at, first] of [0, 3, 200, 1500].entries())
    assert.ok((await reads[at])?.equals(whole.subarray(first * CHUNK, (first + 20) * CHUNK)))
})
