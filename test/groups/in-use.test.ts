import assert from 'node:assert/strict'
import test from 'node:test'
import { silentLogger } from '../../core/runtime/log.ts'
import { expireSources } from '../../server/flows/expire.ts'
import { Planned } from './planned.ts'

test('a point that is read when its time is over stays until nobody reads it', async (t) => {
  const planned = await Planned.create(t, '2027-03-01T07:00Z')
  const { rows, database } = planned
  const source = await planned.source('a.raw', false)
  const points: string[] = []
  const versions: number[] = []
  for (let i = 0; i < 3; i++) {
    versions.push(await rows.version(source, []))
    points.push(await rows.point(source, versions[i]!))
    await database.query(`UPDATE recovery_point SET created_at = $2 WHERE id = $1`, [
      points[i],
      new Date(Date.parse('2027-01-01T08:00Z') + i * 3_600_000),
    ])
  }
  await planned.group('short', { retainDays: 5, points: 'none' }, [source])
  await database.query(
    `INSERT INTO hold (version, holder) VALUES ($1, 'reader:server-1:export-1')`,
    [versions[1]],
  )
  const there = async () => {
    const left = await database.query<{ id: string }>(
      `SELECT id FROM recovery_point WHERE state <> 'deleted' ORDER BY created_at`,
    )
    return left.map(({ id }) => id)
  }
  const expire = () => expireSources({ ...planned.deps, undoMs: 0, log: silentLogger }, [source])
  assert.equal(await expire(), 1)
  assert.deepEqual(
    await there(),
    [points[1], points[2]],
    'the one that is read, and the last good one',
  )
  assert.equal(await expire(), 0)
  await database.query(`DELETE FROM hold`)
  assert.equal(await expire(), 1)
  assert.deepEqual(await there(), [points[2]])
})
