import assert from 'node:assert/strict'
import test from 'node:test'
import { periodStart } from '../../core/model/report-period.ts'
import { addSample, CALLER, startService } from './service.ts'

const DAY_MS = 86_400_000

test('a period is so long, and a month ends where its days do', () => {
  const start = (period: 'day' | 'week' | 'month', until: string) =>
    periodStart(period, new Date(until)).toISOString().slice(0, 16)
  assert.equal(start('day', '2026-03-01T06:30:00Z'), '2026-02-28T06:30')
  assert.equal(start('week', '2026-03-01T06:30:00Z'), '2026-02-22T06:30')
  assert.equal(start('month', '2026-03-31T06:30:00Z'), '2026-02-28T06:30')
  assert.equal(start('month', '2026-01-15T06:30:00Z'), '2025-12-15T06:30')
})

test('a report says what is protected since when, what failed, and what was recovered', async (t) => {
  const { handlers, rows, database } = await startService(t)
  const { host, source, first } = await addSample(rows)
  const mail = await rows.source(host, 'mail.raw')
  await database.query(
    `INSERT INTO protection_group (id, name, settings, created_at, changed_at)
     VALUES ('g-1', 'gold', '{}', now(), now())`,
  )
  await database.query(
    `INSERT INTO group_member (data_source, protection_group, added_at, added_by,
                               points_until, syncs_until, checks_until)
     VALUES ($1, 'g-1', now(), 'ann', now(), now(), now())`,
    [source],
  )
  await database.query(
    `UPDATE recovery_point SET created_at = now() - interval '30 hours' WHERE id = $1`,
    [first],
  )
  await database.query(`UPDATE version SET stored_bytes = 1000, size_bytes = 5000`)
  const failed = { state: 'failed', error: { code: 'stalled', message: 'nothing came' } }
  const job = await rows.job({ kind: 'synchronization', source: mail, ...failed })
  const old = await rows.job({ kind: 'synchronization', source: mail, ...failed })
  const restore = await rows.job({ kind: 'recovery', source, state: 'completed' })
  await database.query(
    `UPDATE job SET finished_at = now() - interval '1 hour', requested_by = 'rick', done_bytes = 77,
                    request = jsonb_build_object('point', $2::text) WHERE id <> $1`,
    [old, first],
  )
  await database.query(`UPDATE job SET finished_at = now() - interval '3 days' WHERE id = $1`, [
    old,
  ])

  const day = await handlers.getReport({ period: 'day' }, CALLER)
  assert.equal(Date.parse(day.until) - Date.parse(day.since), DAY_MS)
  const [ofMail, ofWeb] = day.sources
  assert.deepEqual(
    [ofMail?.source, ofMail?.group, ofMail?.points, ofMail?.failures],
    ['alpha/mail.raw', undefined, 0, 1],
  )
  assert.equal(ofMail?.protectedSince, undefined)
  assert.deepEqual([ofWeb?.group, ofWeb?.points, ofWeb?.pointsMade], ['gold', 2, 1])
  assert.ok(Date.parse(ofWeb!.protectedSince!) < Date.parse(day.since), 'longer than the period')
  const space = day.groups.map(({ group, storedBytes, addedBytes, logicalBytes }) => [
    ...[group, storedBytes, addedBytes, logicalBytes],
  ])
  assert.deepEqual(space, [
    ['gold', 2000, 1000, 10000],
    [undefined, 0, 0, 0],
  ])
  assert.deepEqual(
    day.failures.map(({ job, source, code, message }) => [job, source, code, message]),
    [[job, 'alpha/mail.raw', 'stalled', 'nothing came']],
  )
  assert.deepEqual(
    day.recoveries.map(({ job, source, by, bytes }) => [job, source, by, bytes]),
    [[restore, 'alpha/web.raw', 'rick', 77]],
  )
  assert.deepEqual(day.jobs, [
    { kind: 'recovery', completed: 1, warned: 0, failed: 0, cancelled: 0 },
    { kind: 'synchronization', completed: 0, warned: 0, failed: 1, cancelled: 0 },
  ])

  const week = await handlers.getReport({ period: 'week' }, CALLER)
  assert.deepEqual(
    week.failures.map(({ job }) => job),
    [job, old],
  )
  assert.equal(week.sources[1]?.pointsMade, 2)
  const before = new Date(Date.now() - 2 * DAY_MS).toISOString()
  const earlier = await handlers.getReport({ period: 'day', until: before }, CALLER)
  assert.deepEqual([earlier.failures, earlier.recoveries], [[], []])
  assert.equal(earlier.sources[1]?.lastPointAt, undefined, 'there was no point yet')
})

test('coverage counts what was read within 30 days', async (t) => {
  const { handlers, rows, database } = await startService(t)
  const { first } = await addSample(rows)
  const verification = async () =>
    (await handlers.getReport({ period: 'day' }, CALLER)).verification!
  const none = await verification()
  assert.ok(none.storedBytes > 0)
  assert.deepEqual([none.verifiedBytes, none.points, none.pointsVerified], [0, 2, 0])
  await database.query(
    `UPDATE pack SET verified_at = now() - CASE id % 2 WHEN 0 THEN interval '31 days'
                                                      ELSE interval '1 day' END`,
  )
  await database.query(`UPDATE recovery_point SET verified_at = now() WHERE id = $1`, [first])
  const some = await verification()
  assert.ok(some.verifiedBytes > 0 && some.verifiedBytes < some.storedBytes)
  assert.equal(some.pointsVerified, 1)
})

test('a period that is none, and a time that is none, are refused', async (t) => {
  const { handlers } = await startService(t)
  await assert.rejects(handlers.getReport({ period: 'year' }, CALLER), { code: 'invalid-argument' })
  const until = { period: 'day', until: 'noon' }
  await assert.rejects(handlers.getReport(until, CALLER), { code: 'invalid-argument' })
})
