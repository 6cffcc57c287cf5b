import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { removeVersion } from '../../server/catalog/deletion.ts'
import { CatalogRows } from '../support/catalog-rows.ts'
import { testDatabase } from '../support/database.ts'
import { pausedAt } from './paused.ts'

const CHUNK = 512

interface Built {
  readonly rows: CatalogRows
  readonly source: string
  readonly disk: number
  readonly chunks: readonly number[]
  /** A version with this map after those before it. */
  add(map: readonly number[]): Promise<number>
}

async function build(t: TestContext): Promise<Built> {
  const rows = new CatalogRows(await testDatabase(t))
  const source = await rows.source(await rows.host('alpha'), 'disk.raw')
  const disk = await rows.disk(source, 'disk.raw', { chunkBytes: CHUNK })
  const names = (letter: string) => Array.from({ length: 8 }, (_, i) => `${letter}${i}`)
  const segments = await rows.pack(['a', 'b', 'c', 'd'].map(names))
  const chunks = segments.map((id) => id * 1024)
  let before: readonly number[] | undefined
  return {
    rows,
    source,
    disk,
    chunks,
    async add(map) {
      const sizeBytes = map.length * CHUNK - 100
      const version = await rows.version(source, [
        { disk, sizeBytes, chunkBytes: CHUNK, map, ...(before ? { before } : {}) },
      ])
      before = map
      return version
    },
  }
}

/** Two pages and a short last chunk: page 0 of `first`, page 1 of `second`, zeros between. */
function mapOf(first: number, second: number, length = 1030): number[] {
  return Array.from({ length }, (_, i) => (i === 5 ? first + 1 : i === 1025 ? second + 2 : 0))
}

async function pagesOf(b: Built): Promise<string[]> {
  const rows = await b.rows.database.query<{ text: string }>(
    `SELECT page || ' born ' || version AS text FROM page ORDER BY page, version`,
  )
  return rows.map((row) => row.text)
}

async function remove(b: Built, version: number): Promise<void> {
  await b.rows.database.tx((q) => removeVersion(q, version, 'test'))
}

async function suspects(b: Built): Promise<number[]> {
  const rows = await b.rows.database.query<{ segment: number }>(
    `SELECT DISTINCT segment FROM suspect ORDER BY 1`,
  )
  return rows.map((row) => row.segment * 1024)
}

test('a version in the middle takes along only the pages that no neighbour reads', async (t) => {
  const b = await build(t)
  const [a, bb, c, d] = b.chunks as [number, number, number, number]
  const first = await b.add(mapOf(a, a))
  const middle = await b.add(mapOf(bb, c)) // page 0 is changed again by the last, page 1 is not
  const last = await b.add(mapOf(d, c))
  await remove(b, middle)
  assert.deepEqual(await pagesOf(b), [
    `0 born ${first}`,
    `0 born ${last}`,
    `1 born ${first}`,
    `1 born ${middle}`,
  ])
  assert.deepEqual(await suspects(b), [bb])
  const noted = await b.rows.database.query(`SELECT version, reason FROM deletion`)
  assert.equal(noted.length, 1)
})

test('the first version takes along what the next one has anew', async (t) => {
  const b = await build(t)
  const [a, bb] = b.chunks as [number, number]
  const first = await b.add(mapOf(a, a))
  const last = await b.add(mapOf(a, bb))
  await remove(b, first)
  assert.deepEqual(await pagesOf(b), [`0 born ${first}`, `1 born ${last}`])
  assert.deepEqual(await suspects(b), [a])
})

test('pages beyond the end of a disk that shrank go too', async (t) => {
  const b = await build(t)
  const [a, bb] = b.chunks as [number, number]
  const large = await b.add(mapOf(a, bb))
  await b.add(mapOf(a, bb).slice(0, 900))
  const regrown = await b.add(mapOf(a, a))
  await remove(b, large)
  assert.ok(!(await pagesOf(b)).includes(`1 born ${large}`))
  assert.ok((await pagesOf(b)).includes(`1 born ${regrown}`))
})

test('the newest version, a held one and one that a point keeps are refused', async (t) => {
  const b = await build(t)
  const [a, bb] = b.chunks as [number, number]
  const first = await b.add(mapOf(a, a))
  const last = await b.add(mapOf(a, bb))
  await assert.rejects(remove(b, last), { code: 'last-good-point' })
  const point = await b.rows.point(b.source, first)
  await assert.rejects(remove(b, first), { code: 'point-protected', message: new RegExp(point) })
  await b.rows.database.query(`DELETE FROM recovery_point`)
  await b.rows.database.query(`INSERT INTO hold (version, holder) VALUES ($1, 'job-7')`, [first])
  await assert.rejects(remove(b, first), { code: 'point-held', message: /job-7/ })
  assert.equal((await pagesOf(b)).length, 3)
})

test('a hold that comes just before the locks is seen', async (t) => {
  const b = await build(t)
  const [a, bb] = b.chunks as [number, number]
  const first = await b.add(mapOf(a, a))
  await b.add(mapOf(a, bb))
  const removing = b.rows.database.tx((q) =>
    removeVersion(
      pausedAt(q, /FROM version .* FOR UPDATE/s, async () => {
        await b.rows.database.query(`INSERT INTO hold (version, holder) VALUES ($1, 'job-8')`, [
          first,
        ])
      }),
      first,
      'test',
    ),
  )
  await assert.rejects(removing, { code: 'point-held' })
})
