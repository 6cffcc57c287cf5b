import assert from 'node:assert/strict'
import { copyFile, mkdir, truncate } from 'node:fs/promises'
import { dirname } from 'node:path'
import test, { type TestContext } from 'node:test'
import { openChunkWorkers } from '../../core/chunk/chunk-workers.ts'
import { recordsOf } from '../../core/chunk/record-list.ts'
import { decodePlace } from '../../core/chunk/record.ts'
import type { DiskFrameOut } from '../../core/wire/frame.ts'
import { FRAME_PREFIX_BYTES } from '../../core/wire/frame.ts'
import { systemClock } from '../../core/runtime/clock.ts'
import { silentLogger } from '../../core/runtime/log.ts'
import { systemRandom } from '../../core/runtime/random.ts'
import type { Caller } from '../../server/access/decide.ts'
import { diskHandlers } from '../../server/rpc/operator/disks.ts'
import type { OperatorDeps } from '../../server/rpc/operator/deps.ts'
import { packPath } from '../../server/store/store-layout.ts'
import { codeOf } from '../support/rpc.ts'
import { seeds, StoredPoints } from '../support/stored-points.ts'

const ANN: Caller = { name: 'ann', role: 'admin', from: '127.0.0.1:1', sees: null }
const BOB: Caller = { name: 'bob', role: 'admin', from: '127.0.0.1:2', sees: null }
const CONTENT = [...seeds(1, 20), 0, 0, ...seeds(30, 60)]

async function open(t: TestContext) {
  const points = await StoredPoints.create(t)
  await points.source('web')
  const { point } = await points.point('web', [CONTENT])
  const workers = openChunkWorkers(1)
  t.after(() => workers.close())
  const { database, store } = points
  const handlers = diskHandlers({
    ...{ database, store, workers, random: systemRandom, clock: systemClock },
    ...{ serverId: 'server-test', log: silentLogger },
  } as unknown as OperatorDeps)
  const gone = new AbortController()
  const opened = handlers.openDisk({ point }, ANN, gone.signal)[Symbol.asyncIterator]()
  const first = await opened.next()
  assert.ok(!first.done)
  return { points, handlers, gone, opened, session: first.value.session }
}

/** Chunk indexes of records and zero runs, as they come. */
async function indexes(frames: AsyncIterable<DiskFrameOut>): Promise<number[]> {
  const found: number[] = []
  for await (const frame of frames) {
    if ('runs' in frame)
      for (const { start, count } of frame.runs.runs ?? [])
        found.push(...seeds(Number(start), Number(start) + Number(count)))
    else
      for (const { place } of recordsOf(frame.records.subarray(FRAME_PREFIX_BYTES)))
        found.push(decodePlace(place).index)
  }
  return found.sort((a, b) => a - b)
}

void test('a session is its opener’s, and ends with the call', async (t) => {
  const { points, handlers, gone, opened, session } = await open(t)
  const ask = { session, firstChunk: 15, count: 20 }
  assert.deepEqual(await indexes(handlers.readDisk(ask, ANN, gone.signal)), seeds(15, 35))
  const { runs } = await handlers.getDiskRuns({ session, firstChunk: 0, count: 51 }, ANN)
  assert.deepEqual(runs, [{ kind: 'ZERO', start: 19, count: 2 }])
  const read = async (request: typeof ask, caller = ANN) =>
    indexes(handlers.readDisk(request, caller, gone.signal))
  assert.equal(await codeOf(read(ask, BOB)), 'not-found')
  for (const [firstChunk, count] of [
    [-1, 1],
    [0, 0],
    [0, 65],
    [51, 1],
    [50, 2],
  ] as const)
    assert.equal(await codeOf(read({ session, firstChunk, count })), 'invalid-argument')
  assert.equal((await points.database.query(`SELECT 1 FROM hold`)).length, 1)
  gone.abort()
  assert.equal((await opened.next()).done, true)
  assert.deepEqual(await points.database.query(`SELECT 1 FROM hold`), [])
  assert.equal(await codeOf(read(ask)), 'not-found')
})

void test('chunks that were moved while the disk is open are found where they lie', async (t) => {
  const { points, handlers, gone, session } = await open(t)
  const ask = { session, firstChunk: 0, count: 51 }
  assert.deepEqual(await indexes(handlers.readDisk(ask, ANN, gone.signal)), seeds(0, 51))
  // As compaction does: the same records in another pack, under the same ids.
  const [place] = points.packs
  assert.ok(place)
  const [before, after] = [place.name, `m${place.name}`].map((name) =>
    packPath(points.folder, name),
  )
  assert.ok(before && after)
  await mkdir(dirname(after), { recursive: true })
  await copyFile(before, after)
  await truncate(before) // and it was open
  await points.database.query(`UPDATE pack SET name = 'm' || name`)
  assert.deepEqual(await indexes(handlers.readDisk(ask, ANN, gone.signal)), seeds(0, 51))
  assert.deepEqual(await points.database.query(`SELECT 1 FROM damage`), [])
})
