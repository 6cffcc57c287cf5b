import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { storedDamage } from '../../core/chunk/expected.ts'
import { systemClock } from '../../core/runtime/clock.ts'
import { silentLogger } from '../../core/runtime/log.ts'
import { systemRandom } from '../../core/runtime/random.ts'
import { collect, COLLECT_TIMES, type CollectTimes } from '../../server/flows/collect.ts'
import { compact, type CompactDeps } from '../../server/flows/compact.ts'
import { readVersionDisks } from '../../server/catalog/versions.ts'
import { findMovedRegion } from '../../server/flows/moved-region.ts'
import { pullDisk, type PackRegion } from '../../server/flows/pull.ts'
import { testDatabase } from '../support/database.ts'
import { localStore } from '../store/folders.ts'
import { History } from './history.ts'
import { storeWith } from './store-with.ts'

const NO_WAITING: CollectTimes = { undoMs: 0, trashMs: 0, forgottenMs: 0 }

async function newHistory(t: TestContext): Promise<History> {
  const local = await localStore(1)
  const history = new History(await testDatabase(t), local.store)
  t.after(async () => {
    await history.end()
    await local.cleanUp()
  })
  await history.begin()
  return history
}

async function depsOf(history: History, kind: 'collection' | 'compaction'): Promise<CompactDeps> {
  return {
    database: history.database,
    store: history.store,
    clock: systemClock,
    log: silentLogger,
    random: systemRandom,
    fence: await history.startJob(kind),
    signal: new AbortController().signal,
  }
}

async function runCollect(history: History, times: Partial<CollectTimes> = NO_WAITING) {
  return collect(await depsOf(history, 'collection'), { ...COLLECT_TIMES, ...times })
}

/** `count` chunks, each of its own content, with a zero chunk in every hundred. */
function contentFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => (i % 100 === 7 ? 0 : first + i))
}

test('a deleted point keeps everything until its undo time is over, then leaves a tombstone', async (t) => {
  const history = await newHistory(t)
  const source = await history.addSource()
  const first = contentFrom(1, 1500)
  const second = [...contentFrom(1, 1400), ...contentFrom(5001, 300)]
  const old = await history.transfer(source, first)
  const young = await history.transfer(source, second)
  await history.deletePoint(old.point!, 71)

  assert.equal((await runCollect(history, {})).removedVersions, 0)
  assert.deepEqual(await history.compare(source, old.version, first), [])

  await history.deletePoint(old.point!, 73)
  const collected = await runCollect(history, {})
  assert.equal(collected.removedPoints, 1)
  assert.equal(collected.removedVersions, 1)
  assert.deepEqual(await history.compare(source, young.version, second), [])
  assert.deepEqual(await history.leaked(), [])
  assert.ok(await history.store.readDocument(`tombstones/${old.point}.json`))
  const manifests = []
  for await (const name of history.store.listManifests()) manifests.push(name)
  assert.equal(manifests.length, 1)
  assert.match(manifests[0]!, new RegExp(young.uid))
  const [tombstone] = await history.database.query<{
    version: null
    summary: { versionUid: string }
  }>(`SELECT version, summary FROM recovery_point WHERE id = $1`, [old.point])
  assert.equal(tombstone!.version, null)
  assert.equal(tombstone!.summary.versionUid, old.uid)
})

test('a pack of nothing but removed chunks goes to the trash, and then for good', async (t) => {
  const history = await newHistory(t)
  const source = await history.addSource()
  await history.transfer(source, contentFrom(1, 1100))
  const replica = await history.transfer(source, contentFrom(9001, 1100), { keep: false })
  const [point] = await history.database.query<{ id: string }>(`SELECT id FROM recovery_point`)
  await history.deletePoint(point!.id, 100)

  const first = await runCollect(history, {})
  assert.equal(first.removedPacks, 1)
  assert.ok(first.trashedBytes > 0)
  assert.ok((await history.store.trashBytes()) > 0)
  const second = await runCollect(history)
  assert.ok(second.freedBytes > 0)
  assert.equal(await history.store.trashBytes(), 0)
  assert.deepEqual(await history.compare(source, replica.version, contentFrom(9001, 1100)), [])
  const states = await history.database.query<{ state: string }>(
    `SELECT state FROM pack ORDER BY id`,
  )
  assert.deepEqual(states, [{ state: 'gone' }, { state: 'sealed' }])
})

test('a version without a point goes with the next one, the newest stays, and so does its point row', async (t) => {
  const history = await newHistory(t)
  const source = await history.addSource()
  await history.transfer(source, contentFrom(1, 1100), { keep: false })
  const newest = await history.transfer(source, contentFrom(2, 1100))
  await history.deletePoint(newest.point!, 100)
  const collected = await runCollect(history)
  assert.equal(collected.removedVersions, 1)
  const left = await history.database.query(`SELECT id FROM version`)
  assert.deepEqual(left, [{ id: newest.version }])
  assert.deepEqual(await history.compare(source, newest.version, contentFrom(2, 1100)), [])
})

test('a version that somebody reads stays until it is let go', async (t) => {
  const history = await newHistory(t)
  const source = await history.addSource()
  const old = await history.transfer(source, contentFrom(1, 1100), { keep: false })
  await history.transfer(source, contentFrom(2, 1100))
  await history.database.query(`INSERT INTO hold (version, holder) VALUES ($1, 'job-x')`, [
    old.version,
  ])
  assert.equal((await runCollect(history)).removedVersions, 0)
  assert.deepEqual(await history.compare(source, old.version, contentFrom(1, 1100)), [])
  await history.database.query(`DELETE FROM hold`)
  assert.equal((await runCollect(history)).removedVersions, 1)
})

test('what a transfer left that nobody takes up again is collected, its announced pack too', async (t) => {
  const history = await newHistory(t)
  const source = await history.addSource()
  await history.transfer(source, contentFrom(1, 1100))
  const fence = await history.startJob('recovery-point', source.id)
  const died = new Error('the transfer dies')
  for (const step of ['flushed', 'stored'] as const)
    await assert.rejects(
      history.transfer(source, contentFrom(step === 'stored' ? 30_001 : 20_001, 1100), {
        fence,
        pause: async (at) => {
          if (at === step) throw died
        },
      }),
      died,
    )
  await history.database.query(`UPDATE job SET state = 'failed' WHERE id = $1`, [fence.job])
  await runCollect(history, {})
  const pins = await history.database.query(`SELECT 1 FROM pin`)
  assert.notEqual(pins.length, 0, 'it may still be taken up')
  const collected = await runCollect(history)
  assert.equal(collected.removedPacks, 1)
  assert.deepEqual(await history.database.query(`SELECT 1 FROM pin`), [])
  assert.deepEqual(await history.leaked(), [])
  const states = await history.database.query(
    `SELECT state, count(*) FROM pack GROUP BY 1 ORDER BY 1`,
  )
  assert.deepEqual(states, [
    { state: 'gone', count: 2 },
    { state: 'sealed', count: 1 },
  ])
})

test('a catalog older than its store, or of another store, collects and compacts nothing', async (t) => {
  const history = await newHistory(t)
  const marker = await history.store.readMarker()
  await history.store.writeMarker({ ...marker, generation: 5 })
  await assert.rejects(runCollect(history), { code: 'catalog-older-than-store' })
  await assert.rejects(compact(await depsOf(history, 'compaction')), {
    code: 'catalog-older-than-store',
  })
  await history.store.writeMarker({ ...marker, catalogId: 'catalog-other', generation: 5 })
  await assert.rejects(runCollect(history), { code: 'store-foreign' })
})

test('a collection that another run has taken over is refused', async (t) => {
  const history = await newHistory(t)
  const deps = await depsOf(history, 'collection')
  await history.database.query(`UPDATE job SET epoch = epoch + 1 WHERE id = $1`, [deps.fence.job])
  await assert.rejects(collect(deps, NO_WAITING), { code: 'job-fenced' })
})

test('a pack that is mostly dead is written anew: ids stay, what was dropped is found no more', async (t) => {
  const history = await newHistory(t)
  const source = await history.addSource()
  const base = contentFrom(1, 2100)
  const old = await history.transfer(source, base)
  const changed = base.map((seed, i) => (i % 4 === 0 ? seed : seed === 0 ? 0 : seed + 50_000))
  const young = await history.transfer(source, changed)
  const before = await history.mapOf(source, young.version)
  await history.deletePoint(old.point!, 100)
  await runCollect(history, {})
  const hooksBefore = await history.database.query(`SELECT 1 FROM digest_hook`)

  const compacted = await compact(await depsOf(history, 'compaction'))
  assert.equal(compacted.movedSegments, 3)
  assert.equal(compacted.removedPacks, 1)
  assert.ok(compacted.rewrittenBytes > 0 && compacted.rewrittenBytes < compacted.trashedBytes)
  assert.deepEqual(await history.mapOf(source, young.version), before)
  assert.deepEqual(await history.compare(source, young.version, changed), [])
  const hooksAfter = await history.database.query(`SELECT 1 FROM digest_hook`)
  assert.ok(hooksAfter.length < hooksBefore.length)

  // Dropped contents come again: they are stored anew, and the proof holds.
  const again = await history.transfer(source, base)
  assert.deepEqual(await history.compare(source, again.version, base), [])
  const idle = await compact(await depsOf(history, 'compaction'))
  assert.equal(idle.movedSegments, 0)
})

test('a segment that somebody pins while it is copied stays where it is', async (t) => {
  const history = await newHistory(t)
  const source = await history.addSource()
  const base = contentFrom(1, 1100)
  const old = await history.transfer(source, base)
  const changed = base.map((seed, i) => (i % 4 === 0 ? seed : seed + 50_000))
  await history.transfer(source, changed)
  await history.deletePoint(old.point!, 100)
  await runCollect(history, {})
  const deps = await depsOf(history, 'compaction')
  await history.database.query(
    `INSERT INTO transfer (id, data_source, version_uid, job, state)
     VALUES ('t-late', $1, 'v-late', 'job-late', 'abandoned')`,
    [source.id],
  )
  const store = storeWith(history.store, {
    readPack: async (...args) => {
      await history.database.query(
        `INSERT INTO pin (segment, transfer) SELECT min(id), 't-late' FROM segment ON CONFLICT DO NOTHING`,
      )
      return history.store.readPack(...args)
    },
  })
  const compacted = await compact({ ...deps, store })
  assert.equal(compacted.movedSegments, 1)
  assert.equal(compacted.removedPacks, 0)
  await history.database.query(`DELETE FROM pin`)
  const rest = await compact(await depsOf(history, 'compaction'))
  assert.equal(rest.movedSegments, 1)
  assert.equal(rest.removedPacks, 1)
})

test('compaction does not carry damage into a new pack: it sets it aside and leaves the segment', async (t) => {
  const history = await newHistory(t)
  const source = await history.addSource()
  const base = contentFrom(1, 1100)
  const old = await history.transfer(source, base)
  const changed = base.map((seed, i) => (i % 4 === 0 ? seed : seed + 50_000))
  const young = await history.transfer(source, changed)
  await history.deletePoint(old.point!, 100)
  await runCollect(history, {})
  let reads = 0
  const store = storeWith(history.store, {
    readPack: async (place, offset, into) => {
      await history.store.readPack(place, offset, into)
      if (++reads === 5) into[into.length - 1]! ^= 1
    },
  })
  const compacted = await compact({ ...(await depsOf(history, 'compaction')), store })
  assert.equal(compacted.damagedChunks, 1)
  const points = await history.database.query(`SELECT state FROM recovery_point WHERE id = $1`, [
    young.point,
  ])
  assert.deepEqual(points, [{ state: 'damaged' }])
  assert.deepEqual(await history.compare(source, young.version, changed), [])
})

test('a read that was planned before a compaction finds its records where they are now', async (t) => {
  const history = await newHistory(t)
  const source = await history.addSource()
  const base = contentFrom(1, 1500)
  const old = await history.transfer(source, base)
  const changed = base.map((seed, i) => (i % 4 === 0 ? seed : seed + 50_000))
  const young = await history.transfer(source, changed)
  await history.deletePoint(old.point!, 100)
  await runCollect(history, {})
  const [disk] = await readVersionDisks(history.database, young.version)
  const regions: PackRegion[] = []
  for await (const step of pullDisk(history.database, young.version, disk!, 0))
    if ('region' in step) regions.push(step.region)
  for (const region of regions)
    assert.equal(await findMovedRegion(history.database, region), undefined)
  await compact(await depsOf(history, 'compaction'))
  let moved = 0
  for (const region of regions) {
    const now = await findMovedRegion(history.database, region)
    if (now) moved++
    await assertRegion(history, now ?? region)
  }
  assert.ok(moved > 0)
})

/** Every record of the region is, at its offset, the one that the catalog says. */
async function assertRegion(history: History, region: PackRegion): Promise<void> {
  const bytes = Buffer.alloc(region.length)
  let at = 0
  for (const { packName: name, volume, offset, length } of region.slices) {
    await history.store.readPack({ name, volume }, offset, bytes.subarray(at, at + length))
    at += length
  }
  for (const index of region.expected.chunks.keys())
    assert.equal(storedDamage(bytes, region.expected, index), undefined)
}
