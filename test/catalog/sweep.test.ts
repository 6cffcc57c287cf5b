import assert from 'node:assert/strict'
import test from 'node:test'
import type { Database } from '../../server/catalog/database.ts'
import { pinSegments } from '../../server/catalog/pins.ts'
import { sweepBatch } from '../../server/catalog/sweep.ts'
import { CatalogRows } from '../support/catalog-rows.ts'
import { testDatabase } from '../support/database.ts'
import { pausedAt } from './paused.ts'

/** One segment of two chunks that nothing names, suspected; a transfer that may pin it. */
async function suspected(database: Database): Promise<number> {
  const rows = new CatalogRows(database)
  const source = await rows.source(await rows.host('alpha'), 'disk.raw')
  await rows.disk(source, 'disk.raw')
  const [segment] = await rows.pack([['a', 'b']])
  await database.query(
    `INSERT INTO transfer (id, data_source, version_uid, job) VALUES ('t-1', $1, 'v-1', 'j-1')`,
    [source],
  )
  await suspect(database, segment!)
  return segment!
}

async function suspect(database: Database, segment: number): Promise<void> {
  await database.query(`INSERT INTO suspect (segment) VALUES ($1)`, [segment])
}

async function countOf(database: Database, table: 'segment' | 'suspect'): Promise<number> {
  return (await database.query(`SELECT 1 FROM ${table}`)).length
}

async function insertPage(database: Database, segment: number): Promise<void> {
  await database.query(
    `INSERT INTO page (disk, page, version, entries, runs, segments, digest)
     VALUES (1, 3, 1, 2, ARRAY[($1::int8 << 21) | 2], ARRAY[$1], '')`,
    [segment],
  )
}

const LOCK = /FROM segment .* FOR UPDATE SKIP LOCKED/s
const JUDGE = /DELETE FROM segment/

test('what nothing names goes, with its hooks, its damage and, being the last, its pack', async (t) => {
  const database = await testDatabase(t)
  const segment = await suspected(database)
  await database.query(`INSERT INTO damage (chunk, found_by, cause) VALUES ($1, 'test', 'test')`, [
    segment * 1024 + 1,
  ])
  const swept = await database.tx((q) => sweepBatch(q, 0))
  assert.deepEqual([swept.removedSegments, swept.condemnedPacks], [1, 1])
  assert.deepEqual(await database.query(`SELECT state FROM pack`), [{ state: 'condemned' }])
  assert.deepEqual(await database.query(`SELECT 1 FROM damage`), [])
  assert.equal(await countOf(database, 'suspect'), 0)
  const noted = await database.query(`SELECT segment IS NULL AS pack FROM deletion ORDER BY id`)
  assert.deepEqual(noted, [{ pack: false }, { pack: true }])
})

test('a pin that is not committed yet keeps its segment, and the suspect waits', async (t) => {
  const database = await testDatabase(t)
  const segment = await suspected(database)
  await database.tx(async (pinning) => {
    await pinSegments(pinning, 't-1', [segment])
    const swept = await database.tx((q) => sweepBatch(q, 0))
    assert.equal(swept.removedSegments, 0)
    assert.equal(await countOf(database, 'suspect'), 1, 'undecided')
  })
  const swept = await database.tx((q) => sweepBatch(q, 0))
  assert.equal(swept.removedSegments, 0)
  assert.equal(await countOf(database, 'suspect'), 0, 'decided: it stays')
  assert.equal(await countOf(database, 'segment'), 1)
})

// The next two lose the segment wherever the judgement's snapshot is older than the lock: in a single
// statement, or in REPEATABLE READ.
test('a pin committed before the lock is had keeps its segment', async (t) => {
  const database = await testDatabase(t)
  const segment = await suspected(database)
  const swept = await database.tx((q) =>
    sweepBatch(
      pausedAt(q, LOCK, () => database.tx((other) => pinSegments(other, 't-1', [segment]))),
      0,
    ),
  )
  assert.equal(swept.removedSegments, 0)
  assert.equal(await countOf(database, 'segment'), 1)
})

test('a page committed before the lock is had keeps its segment', async (t) => {
  const database = await testDatabase(t)
  const segment = await suspected(database)
  const swept = await database.tx((q) =>
    sweepBatch(
      pausedAt(q, LOCK, () => insertPage(database, segment)),
      0,
    ),
  )
  assert.equal(swept.removedSegments, 0)
  assert.equal(await countOf(database, 'segment'), 1)
})

test('a pin that comes after the lock waits, and finds nothing to pin', async (t) => {
  const database = await testDatabase(t)
  const segment = await suspected(database)
  let pinned: Promise<void> | undefined
  await database.tx((q) =>
    sweepBatch(
      pausedAt(q, JUDGE, async () => {
        pinned = database.tx((other) => pinSegments(other, 't-1', [segment]))
        await untilSomebodyWaits(database)
      }),
      0,
    ),
  )
  await pinned
  assert.equal(await countOf(database, 'segment'), 0)
  assert.deepEqual(await database.query(`SELECT 1 FROM pin`), [])
})

test('a suspicion that comes while its segment is judged is not lost', async (t) => {
  const database = await testDatabase(t)
  const segment = await suspected(database)
  await insertPage(database, segment)
  await database.tx((q) =>
    sweepBatch(
      pausedAt(q, /DELETE FROM suspect/, async () => {
        await database.query(`DELETE FROM page`)
        await suspect(database, segment)
      }),
      0,
    ),
  )
  assert.equal(await countOf(database, 'suspect'), 1)
  const swept = await database.tx((q) => sweepBatch(q, 0))
  assert.equal(swept.removedSegments, 1)
})

test('batches go on behind the last, and end', async (t) => {
  const database = await testDatabase(t)
  const segment = await suspected(database)
  await suspect(database, segment)
  await suspect(database, segment + 1)
  const first = await database.tx((q) => sweepBatch(q, 0, 2))
  const second = await database.tx((q) => sweepBatch(q, first.last ?? 0, 2))
  const third = await database.tx((q) => sweepBatch(q, second.last ?? 0, 2))
  assert.equal(first.removedSegments, 1)
  assert.equal(second.removedSegments, 0)
  assert.equal(third.last, undefined)
  assert.equal(await countOf(database, 'suspect'), 0)
})

async function untilSomebodyWaits(database: Database): Promise<void> {
  for (;;) {
    const rows = await database.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    )
    if (rows.length > 0) return
  }
}
