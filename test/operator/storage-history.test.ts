import assert from 'node:assert/strict'
import test from 'node:test'
import { CHUNK_BYTES } from '../../core/model/geometry.ts'
import { isStorageDue, noteStorage } from '../../server/catalog/storage-days.ts'
import { Planned } from '../groups/planned.ts'
import { addSample, CALLER, SAMPLE_BYTES, startService } from './service.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const GIB = 1024 ** 3

test('each day has one row: the last of the day stays', async (t) => {
  const { handlers, database, rows } = await startService(t)
  const space = { totalBytes: 10 * GIB, freeBytes: 4 * GIB }
  const noon = new Date(`${new Date(Date.now() - DAY_MS).toISOString().slice(0, 10)}T12:00:00Z`)
  assert.ok(await isStorageDue(database, noon))
  await noteStorage(database, space, noon)
  assert.ok(!(await isStorageDue(database, new Date(noon.getTime() + HOUR_MS - 1))))
  assert.ok(await isStorageDue(database, new Date(noon.getTime() + HOUR_MS)))
  assert.ok(await isStorageDue(database, new Date(noon.getTime() - 1)), 'the clock went back')

  await addSample(rows)
  const later = new Date(noon.getTime() + HOUR_MS)
  await noteStorage(database, { ...space, freeBytes: 3 * GIB }, later)
  const { days } = await handlers.getStorageHistory({ days: 0 }, CALLER)
  const [day, today] = days
  assert.deepEqual([days.length, day?.day], [2, noon.toISOString().slice(0, 10)])
  assert.equal(today?.day, new Date().toISOString().slice(0, 10))
  assert.deepEqual([day?.freeBytes, day?.totalBytes, day?.points], [3 * GIB, 10 * GIB, 2])
  assert.equal(day?.logicalBytes, 2 * SAMPLE_BYTES)
  assert.equal(day?.plainBytes, 26 * CHUNK_BYTES, 'chunks that are stored, as they are plain')
  assert.ok(day.storedBytes > 0 && day.verifiedBytes === 0)
})

test('the last day is today as it is, whatever was noted an hour ago', async (t) => {
  const { handlers, database, rows, store } = await startService(t)
  const now = new Date()
  await noteStorage(database, { totalBytes: 10 * GIB, freeBytes: 4 * GIB }, now)
  await addSample(rows)
  const { days } = await handlers.getStorageHistory({ days: 30 }, CALLER)
  const [today] = days
  assert.deepEqual([days.length, today?.points], [1, 2])
  assert.equal(today?.logicalBytes, 2 * SAMPLE_BYTES)
  const { totalBytes } = (await store.volumes())[0]!
  assert.equal(today?.totalBytes, totalBytes, 'of the volumes that are there')
  const figures = await handlers.getStorage({}, CALLER)
  assert.equal(today?.storedBytes, figures.storedBytes)
  const noted = await database.query(`SELECT points FROM storage_day`)
  assert.deepEqual(noted, [{ points: 0 }], 'asking notes nothing')
})

test('the forecast goes on as it went; without growth there is none', async (t) => {
  const { handlers, database, rows, store } = await startService(t)
  await rows.pack([['a-0']])
  const [volume] = await store.volumes()
  const perDay = Math.floor(volume!.freeBytes / 20)
  const grown = async (bytes: number) => {
    await database.query(`DELETE FROM storage_day`)
    await database.query(
      `INSERT INTO storage_day
       SELECT (now() AT TIME ZONE 'UTC')::date - n, now(), 10 * $1::int8 - n * $2::int8, 0, 0, 0, 0,
              0, 0, 0 FROM generate_series(1, 9) AS n`,
      [perDay, bytes],
    )
    await database.query(`UPDATE pack SET bytes = 10 * $1::int8`, [perDay])
    return (await handlers.getStorageHistory({ days: 10 }, CALLER)).fullAt
  }
  assert.equal(await grown(0), undefined)
  const days = (Date.parse((await grown(perDay))!) - Date.now()) / DAY_MS
  assert.equal(Math.round(days), 20)
})

test('the schedule notes it by itself, once an hour', async (t) => {
  const planned = await Planned.create(t, '2026-05-04T23:30:00Z')
  const notes = () =>
    planned.database.query<{ day: string; at: string }>(
      `SELECT day::text, to_char(noted_at AT TIME ZONE 'UTC', 'HH24:MI') AS at FROM storage_day
        ORDER BY day`,
    )
  await planned.at('2026-05-04T23:30:00Z')
  await planned.at('2026-05-04T23:45:00Z')
  assert.deepEqual(await notes(), [{ day: '2026-05-04', at: '23:30' }])
  await planned.at('2026-05-05T00:01:00Z')
  await planned.at('2026-05-05T01:01:00Z')
  assert.deepEqual(await notes(), [
    { day: '2026-05-04', at: '23:30' },
    { day: '2026-05-05', at: '01:01' },
  ])
})
