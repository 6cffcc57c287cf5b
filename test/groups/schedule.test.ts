import assert from 'node:assert/strict'
import test from 'node:test'
import { Planned } from './planned.ts'

const DAILY = { points: '08:00', timeZone: 'UTC', retainDays: 400 }

test('what is due becomes a job, once, with several servers that look at once', async (t) => {
  const planned = await Planned.create(t, '2027-03-01T07:00Z', 3)
  const members = []
  for (let i = 0; i < 8; i++) members.push(await planned.source(`vm-${i}`))
  await planned.group('all', DAILY, members)
  await planned.at('2027-03-01T07:59Z')
  assert.deepEqual(await planned.open(), [])
  await planned.at('2027-03-01T08:00Z')
  await planned.look()
  assert.deepEqual(
    await planned.open(),
    members.map((_, i) => `vm-${i} recovery-point`),
  )
  await planned.complete()
  await planned.at('2027-03-01T08:01Z')
  await planned.look()
  assert.equal((await planned.jobs()).length, 8)
  assert.deepEqual(await planned.dues(members[3]!), ['point 03-01T08:00 completed'])
})

test('a server that was down makes up for one, spread, and misses no next one', async (t) => {
  const planned = await Planned.create(t, '2027-03-01T07:00Z')
  const members = [await planned.source('a'), await planned.source('b'), await planned.source('c')]
  await planned.group('all', { ...DAILY, points: '08:00,12:00,18:00' }, members)
  await planned.look()
  await planned.at('2027-03-04T13:30Z')
  assert.deepEqual(await planned.open(), [])
  const waiting = await planned.database.query<{ minutes: number }>(
    `SELECT extract(epoch FROM not_before - $1)::float8 / 60 AS minutes FROM due`,
    [new Date(planned.now)],
  )
  assert.equal(waiting.length, 3)
  for (const { minutes } of waiting) assert.ok(minutes >= 0 && minutes < 10, `${minutes}`)
  assert.equal(new Set(waiting.map(({ minutes }) => minutes)).size, 3)
  await planned.at('2027-03-04T13:40Z')
  assert.equal((await planned.open()).length, 3)
  await planned.complete()
  await planned.at('2027-03-04T18:00Z')
  assert.equal((await planned.open()).length, 3)
  assert.deepEqual(await planned.dues(members[0]!), [
    'point 03-04T12:00 completed',
    'point 03-04T18:00 started',
  ])
})

test('a clock that goes back repeats nothing and stops nothing', async (t) => {
  const planned = await Planned.create(t, '2027-03-05T07:00Z')
  const source = await planned.source('a')
  await planned.group('all', DAILY, [source])
  await planned.at('2027-03-05T08:00Z')
  await planned.complete()
  await planned.jump('2027-03-03T07:00Z')
  await planned.at('2027-03-03T08:00Z')
  assert.deepEqual(await planned.open(), ['a recovery-point'])
  await planned.complete()
  await planned.at('2027-03-04T08:00Z')
  await planned.complete()
  await planned.at('2027-03-05T08:00Z')
  assert.deepEqual(await planned.open(), [], 'the fifth of March has its point already')
  await planned.at('2027-03-06T08:00Z')
  assert.deepEqual(await planned.open(), ['a recovery-point'])
})

test('failed members alone are tried again, after 10 and 60 minutes, then an alert', async (t) => {
  const planned = await Planned.create(t, '2027-03-01T07:00Z')
  const [bad, good] = [await planned.source('bad'), await planned.source('good')]
  await planned.group('all', DAILY, [bad, good])
  await planned.at('2027-03-01T08:00Z')
  const jobs = await planned.jobs()
  await planned.end(jobs.find(({ source }) => source === 'bad')!.id, 'failed', 'no route')
  await planned.complete()
  await planned.at('2027-03-01T08:01Z')
  await planned.at('2027-03-01T08:10Z')
  assert.deepEqual(await planned.open(), [])
  await planned.at('2027-03-01T08:11Z')
  assert.deepEqual(await planned.open(), ['bad recovery-point'])
  await planned.fail()
  await planned.at('2027-03-01T08:12Z')
  await planned.at('2027-03-01T09:11Z')
  assert.deepEqual(await planned.open(), [])
  await planned.at('2027-03-01T09:12Z')
  assert.deepEqual(await planned.open(), ['bad recovery-point'])
  await planned.fail('no route to it')
  await planned.at('2027-03-01T09:13Z')
  assert.deepEqual(await planned.alerts(), ['recovery-point-failed'])
  assert.deepEqual(await planned.dues(bad), ['point 03-01T08:00 failed: no route to it'])
  await planned.at('2027-03-02T08:00Z')
  await planned.complete()
  await planned.at('2027-03-02T08:01Z')
  assert.deepEqual(await planned.alerts(), [])
})

test('two of a kind never queue: skipped, counted, told after three', async (t) => {
  const planned = await Planned.create(t, '2027-03-01T07:59Z')
  const source = await planned.source('slow')
  const settings = { ...DAILY, points: '12:00', syncMinutes: 15 }
  await planned.group('all', settings, [source])
  await planned.at('2027-03-01T08:00Z')
  await planned.run()
  for (const time of ['08:15', '08:30']) await planned.at(`2027-03-01T${time}Z`)
  assert.deepEqual(await planned.alerts(), [])
  await planned.at('2027-03-01T08:45Z')
  assert.deepEqual(await planned.alerts(), ['schedule-overlap'])
  assert.equal((await planned.jobs()).length, 1)
  await planned.complete()
  await planned.at('2027-03-01T09:00Z')
  assert.deepEqual(await planned.open(), ['slow synchronization'])
  assert.deepEqual(await planned.alerts(), [])
  assert.deepEqual(await planned.dues(source), [
    'synchronize 03-01T08:00 completed',
    ...['08:15', '08:30', '08:45'].map((at) => `synchronize 03-01T${at} skipped: overlap`),
    'synchronize 03-01T09:00 started',
  ])
})

test('a point waits for a synchronization that runs, and a synchronization gives way to a point', async (t) => {
  const planned = await Planned.create(t, '2027-03-01T07:44Z')
  const source = await planned.source('a')
  await planned.group('all', { ...DAILY, syncMinutes: 15, offsetMinutes: 1 }, [source])
  await planned.at('2027-03-01T07:46Z')
  await planned.run()
  await planned.at('2027-03-01T08:01Z')
  assert.deepEqual(await planned.open(), ['a synchronization'])
  await planned.complete()
  await planned.at('2027-03-01T08:02Z')
  assert.deepEqual(await planned.open(), ['a recovery-point'])
  assert.deepEqual(await planned.dues(source), [
    'synchronize 03-01T07:46 completed',
    'point 03-01T08:01 started',
    'synchronize 03-01T08:01 skipped: covered-by-point',
  ])
})

test('an inconsistent replica is checked first, and the point follows; nothing of it expires', async (t) => {
  const planned = await Planned.create(t, '2027-03-01T07:00Z')
  const source = await planned.source('a')
  const group = { ...DAILY, retainDays: 2 }
  await planned.group('all', group, [source])
  for (const day of ['01', '02', '03']) {
    await planned.at(`2027-03-${day}T08:00Z`)
    await planned.complete()
    await planned.at(`2027-03-${day}T08:01Z`)
  }
  assert.deepEqual(await planned.points(source), ['2027-03-02T08:00', '2027-03-03T08:00'])
  await planned.at('2027-03-03T09:00Z')
  await planned.setReplica(source, 'inconsistent', 'bitmap-lost')
  await planned.at('2027-03-03T09:01Z')
  assert.deepEqual(await planned.alerts(), ['replica-inconsistent'])
  assert.deepEqual(await planned.open(), [])
  await planned.at('2027-03-03T09:16Z')
  assert.deepEqual(await planned.open(), ['a consistency-check'])
  await planned.fail()
  await planned.at('2027-03-03T09:17Z') // again in ten minutes, by its own retry
  await planned.at('2027-03-04T08:00Z')
  assert.deepEqual(await planned.open(), ['a consistency-check'], 'due: the check first')
  await planned.at('2027-03-04T08:01Z')
  assert.equal((await planned.points(source)).length, 2)
  await planned.complete()
  await planned.at('2027-03-04T08:05Z')
  const open = await planned.open()
  assert.ok(open.includes('a recovery-point') || open.includes('a consistency-check'), open.join())
  for (const minute of ['06', '07', '08', '09']) {
    await planned.complete()
    await planned.at(`2027-03-04T08:${minute}Z`)
  }
  assert.deepEqual(await planned.open(), [])
  assert.deepEqual(await planned.alerts(), [])
  // The third and fourth of March do not count: the second is still in the range of two days.
  assert.equal((await planned.points(source)).length, 3)
  const bad = await planned.database.query<{ cause: string; closed: boolean }>(
    `SELECT cause, until_at IS NOT NULL AS closed FROM inconsistency`,
  )
  assert.deepEqual(bad, [{ cause: 'bitmap-lost', closed: true }])
})

test('without automatic checks an inconsistent replica fails fast', async (t) => {
  const planned = await Planned.create(t, '2027-03-01T07:00Z')
  const source = await planned.source('a')
  const settings = { ...DAILY, check: '30 22 * * *', checkHours: 2 }
  await planned.group('all', settings, [source])
  await planned.setReplica(source, 'inconsistent', 'disk-replaced')
  await planned.at('2027-03-01T08:00Z')
  assert.deepEqual(await planned.open(), [])
  assert.deepEqual(await planned.dues(source), ['point 03-01T08:00 skipped: replica-inconsistent'])
  await planned.at('2027-03-01T22:30Z')
  assert.deepEqual(await planned.open(), ['a consistency-check'])
  await planned.run()
  await planned.at('2027-03-02T00:29Z')
  const asked = () => planned.database.query(`SELECT 1 FROM job WHERE cancel_reason IS NOT NULL`)
  assert.equal((await asked()).length, 0)
  await planned.at('2027-03-02T00:30Z')
  assert.equal((await asked()).length, 1, 'its window is over')
})

test('a clock that jumps ahead ends nothing until the time is confirmed', async (t) => {
  const planned = await Planned.create(t, '2027-03-01T07:00Z')
  const source = await planned.source('a')
  await planned.group('all', { ...DAILY, retainDays: 5 }, [source])
  for (const day of ['01', '02', '03', '04']) {
    await planned.at(`2027-03-${day}T08:00Z`)
    await planned.complete()
  }
  await planned.at('2027-03-04T08:01Z')
  await planned.jump('2028-01-01T00:31Z')
  assert.ok((await planned.alerts()).includes('clock-jumped'))
  await planned.at('2028-01-01T08:00Z')
  await planned.complete()
  await planned.at('2028-01-01T08:01Z')
  assert.equal((await planned.points(source)).length, 5)
  await planned.database.query(`UPDATE schedule_clock SET jumped_from = NULL, jumped_to = NULL`)
  await planned.at('2028-01-02T08:00Z')
  await planned.complete()
  await planned.at('2028-01-02T08:01Z')
  assert.deepEqual(await planned.points(source), ['2028-01-01T08:00', '2028-01-02T08:00'])
})

test('the first replica comes now, at its time, or by hand; rules bring members in', async (t) => {
  const planned = await Planned.create(t, '2027-03-01T07:00Z')
  const [now, later, hand] = [
    await planned.source('now', false),
    await planned.source('later', false),
    await planned.source('hand', false),
  ]
  await planned.group('g-now', DAILY, [now])
  await planned.group('g-later', { ...DAILY, initial: '2027-03-01T22:00Z' }, [later])
  await planned.group('g-hand', { ...DAILY, initial: 'manual' }, [hand])
  await planned.group('g-rule', { ...DAILY, match: ['name:web*', 'host:beta'] }, [])
  await planned.look()
  assert.deepEqual(await planned.open(), ['now initial-replication'])
  const web = await planned.source('web-7', false)
  await planned.source('db-7', false)
  await planned.at('2027-03-01T08:00Z')
  assert.deepEqual(await planned.open(), ['now initial-replication', 'web-7 initial-replication'])
  await planned.complete()
  await planned.at('2027-03-01T22:00Z')
  assert.deepEqual(await planned.open(), ['later initial-replication'])
  const [state] = await planned.database.query(
    `SELECT replica_state AS state FROM data_source WHERE id = $1`,
    [hand],
  )
  assert.deepEqual(state, { state: 'manual-pending' })
  assert.deepEqual(await planned.dues(web), ['initial 03-01T08:00 completed'])
})

test('each night the servers do their own work once, and tell what nothing protects', async (t) => {
  const planned = await Planned.create(t, '2027-03-01T12:00Z', 2)
  await planned.group('all', DAILY, [await planned.source('a')])
  await planned.source('lonely')
  await planned.look()
  for (const day of ['02', '03', '04'])
    for (const hour of ['00:30', '01:00', '02:00', '03:00', '06:00'])
      await planned.at(`2027-03-${day}T${hour}Z`)
  const jobs = await planned.database.query(
    `SELECT kind, count(*)::int AS count FROM job WHERE data_source IS NULL GROUP BY kind ORDER BY kind`,
  )
  assert.deepEqual(
    jobs,
    ['collection', 'compaction', 'expiry', 'verification'].map((kind) => ({ kind, count: 3 })),
  )
  assert.deepEqual(await planned.alerts(), ['unprotected'])
})

test('a catalog older than its store plans, expires and collects nothing; it is verified', async (t) => {
  const planned = await Planned.create(t, '2027-03-01T12:00Z', 0)
  planned.addServer({ name: 'read-only', reason: 'the store is newer' })
  await planned.group('all', DAILY, [await planned.source('a')])
  await planned.look()
  for (const time of ['02T00:30', '02T01:00', '02T02:00', '02T06:00', '02T08:00'])
    await planned.at(`2027-03-${time}Z`)
  const kinds = await planned.database.query<{ kind: string }>(`SELECT kind FROM job`)
  assert.deepEqual(
    kinds.map(({ kind }) => kind),
    ['verification'],
  )
})

test('protection may stop and go on any number of times, in one history', async (t) => {
  const planned = await Planned.create(t, '2027-03-01T07:00Z')
  const source = await planned.source('a')
  const group = await planned.group('all', { ...DAILY, retainDays: 448 }, [source])
  const { saveGroup } = await import('../../server/flows/groups/save-group.ts')
  const change = (add: string[], remove: string[]) =>
    saveGroup(
      planned.deps,
      {
        ...{ name: 'all', create: false, settings: group.settings, add, remove },
        removedPoints: 'keep',
      },
      'ann',
    )
  for (let round = 1; round <= 5; round++) {
    await planned.at(Date.parse('2027-03-01T08:00Z') + round * 86_400_000)
    await planned.complete()
    await planned.look()
    await change([], [source])
    await planned.look()
    assert.equal((await planned.points(source)).length, round)
    await change([source], [])
    await planned.look()
    assert.deepEqual(await planned.open(), ['a consistency-check'], `round ${round}`)
    await planned.complete()
    await planned.look()
  }
  const kinds = (await planned.jobs()).map(({ kind }) => kind)
  assert.ok(!kinds.includes('initial-replication'))
})
