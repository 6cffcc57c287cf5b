import assert from 'node:assert/strict'
import { readFile, rm, writeFile } from 'node:fs/promises'
import test, { after, type TestContext } from 'node:test'
import { openChunkWorkers } from '../../core/chunk/chunk-workers.ts'
import { openVerifyPool } from '../../core/chunk/serve-pool.ts'
import { systemRandom } from '../../core/runtime/random.ts'
import { hasDamage } from '../../server/catalog/damage.ts'
import { verify, type VerifyOutcome, type VerifyScope } from '../../server/flows/verify.ts'
import { manifestName } from '../../server/store/manifest.ts'
import { packPath } from '../../server/store/store-layout.ts'
import { CHUNK, seeds, StoredPoints } from '../support/stored-points.ts'

const workers = openChunkWorkers()
const pool = openVerifyPool(workers)
after(() => workers.close())

const ALL: VerifyScope = { points: [], all: true }

type Told = (doneBytes: number, totalBytes: number) => void

function run(
  under: StoredPoints,
  scope: VerifyScope = ALL,
  progress: Told = () => {},
): Promise<VerifyOutcome> {
  const { database, store } = under
  const signal = new AbortController().signal
  const deps = { database, store, pool, random: systemRandom }
  return verify(deps, scope, { foundBy: 'job-v', signal, progress })
}

/** Two sources; b shares chunks with a. Chunk 1030 of a's first disk lies on its second page. */
async function twoSources(t: TestContext) {
  const under = await StoredPoints.create(t)
  await under.source('a')
  await under.source('b')
  const first = seeds(1, 1101)
  const a1 = await under.point('a', [first, [0, 5000, 0]])
  const a2 = await under.point('a', [
    [...first.slice(0, 1030), 7000, ...first.slice(1031)],
    [0, 5000, 0],
  ])
  const b1 = await under.point('b', [[0, 3, 0, 6000]])
  return { under, a1, a2, b1 }
}

async function flip(under: StoredPoints, pack: number, at: number): Promise<void> {
  const path = packPath(under.folder, under.packs[pack]?.name ?? '')
  const bytes = await readFile(path)
  bytes[at] = (bytes[at] ?? 0) ^ 8
  await writeFile(path, bytes)
}

async function offsetOf(under: StoredPoints, pack: number, chunk: number): Promise<number> {
  const index = await under.store.readPackIndex(under.packs[pack]!)
  return index.records.find((record) => record.chunk === chunk)?.offset ?? 0
}

test('how far it is, is told from the beginning to the end', async (t) => {
  const { under } = await twoSources(t)
  const told: number[][] = []
  await run(under, ALL, (...figures) => void told.push(figures))
  const [row] = await under.database.query<{ bytes: number }>(
    `SELECT sum(bytes)::int8 AS bytes FROM pack WHERE state = 'sealed'`,
  )
  const bytes = row?.bytes ?? 0
  assert.ok(bytes > 0)
  assert.deepEqual(
    [told.at(0), told.at(-1)],
    [
      [0, bytes],
      [bytes, bytes],
    ],
  )
})

test('what is whole is verified, points and packs say when', async (t) => {
  const { under } = await twoSources(t)
  const outcome = await run(under)
  assert.equal(outcome.checkedChunks, 1100 + 1 + 1 + 1)
  assert.deepEqual([outcome.damaged, outcome.warnings, outcome.complete], [[], [], true])
  const rows = await under.database.query<{ verified: number; left: number }>(
    `SELECT (SELECT count(*) FROM pack WHERE verified_at IS NULL)::int AS left,
            (SELECT count(*) FROM recovery_point WHERE verified_at IS NOT NULL)::int AS verified`,
  )
  assert.deepEqual(rows, [{ verified: 3, left: 0 }])
})

test('damage names every point, disk and offset that reads it, and nothing else', async (t) => {
  const { under, a1, a2, b1 } = await twoSources(t)
  const shared = under.chunkOf(3)
  const replaced = under.chunkOf(1031)
  await flip(under, 0, (await offsetOf(under, 0, shared)) + 200)
  await flip(under, 0, (await offsetOf(under, 0, replaced)) + 90)
  const { damaged, warnings } = await run(under)
  const at = (point: string, source: string, chunk: number) => ({
    ...{ point, source: `alpha/${source}.raw`, disk: 'disk0' },
    ...{ offset: chunk * CHUNK, length: CHUNK },
  })
  const byPoint = (a: { point: string; offset: number }, b: { point: string; offset: number }) =>
    a.point.localeCompare(b.point) || a.offset - b.offset
  assert.deepEqual([...damaged].sort(byPoint), [
    at(a1.point, 'a', 2),
    at(a1.point, 'a', 1030),
    at(a2.point, 'a', 2),
    at(b1.point, 'b', 1),
  ])
  assert.deepEqual(warnings, [])
  const states = await under.database.query(
    `SELECT id, state, verified_at FROM recovery_point ORDER BY id`,
  )
  assert.ok(states.every((row) => row['state'] === 'damaged' && row['verified_at'] === null))
  const set = await under.database.query<{ chunk: number }>('SELECT chunk FROM damage')
  assert.deepEqual(new Set(set.map((row) => row.chunk)), new Set([shared, replaced]))
  const events = await under.database.query(`SELECT 1 FROM event WHERE kind = 'point-damaged'`)
  assert.ok(events.length >= 3)
})

test('a chosen point is verified with what it needs alone', async (t) => {
  const { under, a1, b1 } = await twoSources(t)
  await flip(under, 2, (await offsetOf(under, 2, under.chunkOf(7000))) + 100) // only a2 needs it
  const outcome = await run(under, { points: [a1.point], all: false })
  assert.deepEqual(outcome.damaged, [])
  const rows = await under.database.query<{ id: string }>(
    `SELECT id FROM recovery_point WHERE verified_at IS NOT NULL`,
  )
  assert.deepEqual(rows, [{ id: a1.point }])
  assert.equal((await run(under, { points: [b1.point], all: false })).damaged.length, 0)
  assert.equal((await run(under)).damaged.length, 1)
})

test('one bit flipped anywhere in a pack is found', async (t) => {
  const under = await StoredPoints.create(t)
  await under.source('a')
  await under.point('a', [[0, 1, 2]])
  const place = under.packs[0]!
  const bytes = await under.store.packBytes(place)
  const steps = Array.from({ length: 60 }, (_, i) => Math.floor((i * (bytes - 1)) / 59))
  const header = Array.from({ length: 80 }, (_, i) => 128 + i)
  for (const at of [...steps, ...header]) {
    await flip(under, 0, at)
    if (at >= 8 && at < 12) await assert.rejects(run(under), { code: 'store-newer' })
    else {
      const { damaged, warnings } = await run(under)
      assert.ok(damaged.length + warnings.length > 0, `bit of byte ${at} was not noticed`)
    }
    await flip(under, 0, at)
    await under.database.query('DELETE FROM damage')
  }
  assert.equal((await run(under)).damaged.length, 0)
})

test('a deleted pack damages what it held; a store that is gone damages nothing', async (t) => {
  const { under, b1 } = await twoSources(t)
  await rm(packPath(under.folder, under.packs[3]?.name ?? ''))
  const { damaged, warnings } = await run(under)
  assert.deepEqual(damaged, [
    {
      ...{ point: b1.point, source: 'alpha/b.raw', disk: 'disk0' },
      ...{ offset: 3 * CHUNK, length: CHUNK - 100 },
    },
  ])
  assert.equal(warnings.length, 1)
  await rm(`${under.folder}/STORE.json`)
  await rm(packPath(under.folder, under.packs[1]?.name ?? ''))
  await assert.rejects(run(under), { code: 'store-missing' })
  const [count] = await under.database.query<{ n: number }>('SELECT count(*)::int AS n FROM damage')
  assert.equal(count?.n, 1)
})

test('slices go on with what was not looked at longest', async (t) => {
  const { under } = await twoSources(t)
  const slice = () => run(under, { ...ALL, limitBytes: 1 })
  const counts = [await slice(), await slice(), await slice(), await slice()].map(
    (o) => o.checkedChunks,
  )
  assert.deepEqual(counts, [1100, 1, 1, 1])
  const [left] = await under.database.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM pack WHERE verified_at IS NULL',
  )
  assert.equal(left?.n, 0)
})

test('what is whole again lives again; other damage stays', async (t) => {
  const { under, a1, a2, b1 } = await twoSources(t)
  await under.database.query(`UPDATE recovery_point SET state = 'suspect' WHERE id = $1`, [
    a2.point,
  ])
  const [shared, lost] = [under.chunkOf(3), under.chunkOf(7000)]
  const at = (await offsetOf(under, 0, shared)) + 200
  await flip(under, 0, at)
  await flip(under, 2, (await offsetOf(under, 2, lost)) + 100)
  await run(under)
  await run(under)
  await flip(under, 0, at)
  await run(under)
  const rows = await under.database.query(`SELECT id, state FROM recovery_point ORDER BY id`)
  assert.deepEqual(rows, [
    { id: a1.point, state: 'ready' },
    { id: a2.point, state: 'damaged' },
    { id: b1.point, state: 'ready' },
  ])
  await flip(under, 2, (await offsetOf(under, 2, lost)) + 100)
  assert.deepEqual((await run(under)).damaged, [])
  const [again] = await under.database.query(
    `SELECT state FROM recovery_point WHERE id = '${a2.point}'`,
  )
  assert.deepEqual(again, { state: 'suspect' })
})

test('a damaged manifest is a finding', async (t) => {
  const { under, a2 } = await twoSources(t)
  const path = `${under.folder}/manifests/${manifestName('a', a2.sequence, a2.versionUid)}`
  const bytes = await readFile(path)
  bytes[50] = (bytes[50] ?? 0) ^ 1
  await writeFile(path, bytes)
  const { damaged, warnings } = await run(under)
  assert.deepEqual(damaged, [])
  assert.equal(warnings.length, 1)
  await rm(path)
  assert.equal((await run(under, { points: [a2.point], all: false })).warnings.length, 1)
})

test('a version that does not read the damaged chunk is no worse for it', async (t) => {
  const under = await StoredPoints.create(t)
  await under.source('a')
  const long = seeds(1, 1101)
  const one = await under.point('a', [long])
  const other = await under.point('a', [[...long.slice(0, 2), 4000, ...long.slice(3)]])
  const short = await under.point('a', [[0, 4001]]) // shrunk: its old second page is not read
  await flip(under, 0, (await offsetOf(under, 0, under.chunkOf(3))) + 200)
  await flip(under, 0, (await offsetOf(under, 0, under.chunkOf(1050))) + 200)
  const points = new Set((await run(under)).damaged.map((range) => range.point))
  assert.deepEqual(points, new Set([one.point, other.point]))
  await flip(under, 0, (await offsetOf(under, 0, under.chunkOf(1050))) + 200)
  await run(under)
  const has = await Promise.all(
    [one, other, short].map((p) => hasDamage(under.database, 1, p.versionUid)),
  )
  assert.deepEqual(has, [true, false, false])
  const states = await under.database.query(`SELECT state FROM recovery_point ORDER BY version`)
  assert.deepEqual(
    states.map((row) => row['state']),
    ['damaged', 'ready', 'ready'],
  )
})
