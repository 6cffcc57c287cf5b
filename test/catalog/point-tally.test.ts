import assert from 'node:assert/strict'
import test from 'node:test'
import { CHUNK_BYTES } from '../../core/model/geometry.ts'
import type { Database } from '../../server/catalog/database.ts'
import { foldPointTally, readPointTally } from '../../server/catalog/point-tally.ts'
import { listSources } from '../../server/catalog/sources.ts'
import { CatalogRows } from '../support/catalog-rows.ts'
import { testDatabase } from '../support/database.ts'
import { seededChoice } from './seeded-choice.ts'

const SOURCES = 3
const ROUNDS = 60

/** What the tally is to say, by counting all points. */
async function counted(database: Database) {
  const rows = await database.query<{ source: string; points: number; bytes: number }>(
    `SELECT s.id AS source, count(p.id)::int AS points, coalesce(sum(v.size_bytes), 0)::int8 AS bytes
       FROM data_source s
       LEFT JOIN recovery_point p ON p.data_source = s.id AND p.state <> 'deleted'
       LEFT JOIN version v ON v.id = p.version GROUP BY s.id ORDER BY s.id`,
  )
  return rows
}

async function agrees(database: Database): Promise<void> {
  const rows = await counted(database)
  const sources = await listSources(database, {})
  for (const { source, points } of rows)
    assert.equal(sources.find(({ id }) => id === source)?.points, points)
  assert.deepEqual(await readPointTally(database), {
    points: rows.reduce((sum, row) => sum + row.points, 0),
    sizeBytes: rows.reduce((sum, row) => sum + row.bytes, 0),
  })
}

test('the tally is what counting all points gives, whatever becomes of them', async (t) => {
  const database = await testDatabase(t)
  const rows = new CatalogRows(database)
  const choice = seededChoice('tally')
  const host = await rows.host('alpha')
  const sources: { id: string; disk: number }[] = []
  for (let i = 0; i < SOURCES; i++) {
    const id = await rows.source(host, `vm-${i}`)
    sources.push({ id, disk: await rows.disk(id, 'root', { sizeBytes: CHUNK_BYTES }) })
  }
  const setState = (from: string, to: string) =>
    database.query(
      `UPDATE recovery_point
          SET state = $1, deleted_at = CASE WHEN $1 = 'deleted' THEN now() END, verified_at = now()
        WHERE state ${from} AND id IN (SELECT id FROM recovery_point ORDER BY random() LIMIT 3)`,
      [to],
    )
  for (let round = 0; round < ROUNDS; round++) {
    const { id, disk } = sources[choice.below(SOURCES)]!
    switch (
      choice.of(['make', 'make', 'delete', 'undelete', 'damage', 'remove', 'fold'] as const)
    ) {
      case 'make': {
        const sizeBytes = (1 + choice.below(3)) * CHUNK_BYTES
        const map = new Array<number>(sizeBytes / CHUNK_BYTES).fill(0)
        await rows.point(id, await rows.version(id, [{ disk, sizeBytes, map }]))
        break
      }
      case 'delete':
        await setState(`<> 'deleted'`, 'deleted')
        break
      case 'undelete':
        await setState(`= 'deleted'`, 'ready')
        break
      case 'damage':
        await setState(`= 'ready'`, 'damaged')
        break
      case 'remove':
        await database.query(
          `DELETE FROM recovery_point WHERE id = (SELECT id FROM recovery_point ORDER BY random() LIMIT 1)`,
        )
        break
      case 'fold':
        await foldPointTally(database)
    }
    await agrees(database)
  }
})

test('points that are made while it is folded count', async (t) => {
  const database = await testDatabase(t)
  const rows = new CatalogRows(database)
  const host = await rows.host('alpha')
  const source = await rows.source(host, 'vm')
  for (let i = 0; i < 3; i++) await rows.point(source, await rows.version(source, []))
  const version = await rows.version(source, [])
  await database.tx(async (q) => {
    await q.query(
      `INSERT INTO recovery_point (id, version, data_source, state) VALUES ('late', $1, $2, 'ready')`,
      [version, source],
    )
    await foldPointTally(database)
    await foldPointTally(database)
  })
  await agrees(database)
  await foldPointTally(database)
  const left = await database.query(`SELECT points FROM point_tally`)
  assert.deepEqual(left, [{ points: 4 }])
})
