import assert from 'node:assert/strict'
import test from 'node:test'
import { acknowledgeAlert, raiseAlert } from '../../server/catalog/alerts.ts'
import { systemRandom } from '../../core/runtime/random.ts'
import { DAY_MS, GIB, volume, Watched } from './watched.ts'

const FIVE_MINUTES = 300_000

test('a host that is silent is told once it had time to come back, and it is over when it is', async (t) => {
  const watched = await Watched.create(t)
  const { host } = watched.planned
  await watched.set(`UPDATE host SET last_seen_at = now() - interval '1 hour' WHERE id = $1`, host)
  await watched.look()
  assert.deepEqual(await watched.open(), [], 'this server has looked for a moment only')
  await watched.look(FIVE_MINUTES)
  assert.deepEqual(await watched.open(), ['agent-unreachable alpha warning'])
  const source = await watched.planned.source('web.raw')
  await watched.planned.group('daily', { points: 'none' }, [source])
  await watched.look()
  assert.deepEqual(await watched.open(), ['agent-unreachable alpha critical'])
  const alert = await watched.alert('agent-unreachable')
  assert.match(alert.cause, /alpha is out of reach since (60 minutes|1 hour)/)
  assert.equal(alert.command, 'holdfast host show alpha')
  await watched.set(`UPDATE host SET last_seen_at = now() WHERE id = $1`, host)
  await watched.look()
  assert.deepEqual(await watched.open(), [])
  assert.notEqual((await watched.alert('agent-unreachable')).resolvedAt, null)
})

test('what agents say of themselves, their clocks and certificates', async (t) => {
  const watched = await Watched.create(t)
  const { host } = watched.planned
  await watched.set(
    `UPDATE host SET warnings = '{"/images: permission denied", "source-owned-elsewhere: x"}',
            clock_ahead_seconds = -7200, certificate_expires_at = now() + interval '12 hours'
      WHERE id = $1`,
    host,
  )
  watched.certificates = [
    { name: 'the authority of this server', expiresAt: new Date(Date.now() + 20 * DAY_MS) },
    { name: 'the certificate of the console', expiresAt: new Date(Date.now() + 200 * DAY_MS) },
  ]
  await watched.look()
  assert.deepEqual(await watched.open(), [
    'agent-task-failed alpha warning',
    'certificate-expiring alpha critical',
    'certificate-expiring the authority of this server warning',
    'clock-skew alpha warning',
  ])
  assert.match((await watched.alert('clock-skew')).cause, /2 hours behind/)
  assert.doesNotMatch((await watched.alert('agent-task-failed')).cause, /owned/)
  watched.certificates = []
  await watched.set(
    `UPDATE host SET warnings = '{}', clock_ahead_seconds = 0.2,
            certificate_expires_at = now() + interval '20 days', incompatible_reason = 'speaks protocol 9'
      WHERE id = $1`,
    host,
  )
  await watched.look()
  assert.deepEqual(await watched.open(), ['agent-incompatible alpha critical'])
})

test('one alert a type and object: the same is counted once, acknowledged ones rest until it is worse', async (t) => {
  const watched = await Watched.create(t)
  const { host } = watched.planned
  const warn = (text: string) =>
    watched.set(`UPDATE host SET warnings = ARRAY[$2] WHERE id = $1`, host, text)
  await warn('no scratch')
  for (let i = 0; i < 3; i++) await watched.look(60_000)
  assert.equal((await watched.alert('agent-task-failed')).count, 1)
  await warn('no scratch, no scripts')
  await watched.look()
  const { id, count } = await watched.alert('agent-task-failed')
  assert.equal(count, 2)
  await watched.database.tx((q) => acknowledgeAlert(q, id, 'ann'))
  await watched.look()
  assert.deepEqual(await watched.open(), [])
  assert.equal((await watched.alert('agent-task-failed')).state, 'acknowledged')
  const worse = {
    type: 'agent-task-failed',
    object: host,
    cause: 'all is lost',
    action: '-',
  } as const
  await watched.database.tx((q) => raiseAlert(q, systemRandom, { ...worse, severity: 'critical' }))
  assert.deepEqual(await watched.open(), ['agent-task-failed alpha critical'])
  assert.equal((await watched.alert('agent-task-failed')).id, id, 'still the same one')
})

test('many who raise the same at once make one alert', async (t) => {
  const watched = await Watched.create(t)
  const alert = { type: 'clock-jumped', object: 'server', cause: 'x', action: 'y' } as const
  await Promise.all(
    Array.from({ length: 12 }, () =>
      watched.database.tx((q) => raiseAlert(q, systemRandom, { ...alert, severity: 'critical' })),
    ),
  )
  assert.equal((await watched.alert('clock-jumped')).count, 12)
})

test('states of replicas', async (t) => {
  const watched = await Watched.create(t)
  const states = {
    'init-pending': 'replica-initialization-pending alpha/init-pending informational',
    initializing: 'replica-initialization-in-progress alpha/initializing informational',
    'manual-pending': 'replica-manual-load-pending alpha/manual-pending informational',
    missing: 'replica-missing alpha/missing critical',
    checking: 'consistency-check-in-progress alpha/checking warning',
  }
  for (const state of [...Object.keys(states), 'ok', 'none', 'inactive'])
    await watched.planned.setReplica(await watched.planned.source(state), state, 'because')
  await watched.look()
  assert.deepEqual(await watched.open(), Object.values(states).sort())
  assert.equal(
    (await watched.alert('replica-missing')).command,
    'holdfast point create alpha/missing',
  )
  await watched.set(`UPDATE data_source SET replica_state = 'ok'`)
  await watched.look()
  assert.deepEqual(await watched.open(), [])
})

test('a recovery point that is late, once and twice', async (t) => {
  const watched = await Watched.create(t, '2027-03-01T07:00Z')
  const { planned } = watched
  const source = await planned.source('db 1.raw')
  await planned.group('daily', { points: '08:00', timeZone: 'UTC' }, [source])
  const at = (time: string) => watched.look(Date.parse(time) - planned.now)
  await at('2027-03-01T08:30Z')
  assert.deepEqual(await watched.open(), [], 'it may take a while')
  await at('2027-03-01T10:01Z')
  assert.deepEqual(await watched.open(), ['rpo-exceeded alpha/db 1.raw warning'])
  const { cause, command } = await watched.alert('rpo-exceeded')
  assert.equal(
    cause,
    'alpha/db 1.raw should have a recovery point of 2027-03-01T08:00:00.000Z; there is none',
  )
  assert.equal(command, "holdfast point create 'alpha/db 1.raw'")
  await at('2027-03-02T11:00Z')
  assert.deepEqual(await watched.open(), ['rpo-exceeded alpha/db 1.raw critical'])
  assert.equal((await watched.alert('rpo-exceeded')).count, 2)
  const point = await watched.rows.point(source, await watched.rows.version(source, []))
  await watched.set(
    `UPDATE recovery_point SET created_at = $2 WHERE id = $1`,
    point,
    new Date(planned.now),
  )
  await at('2027-03-03T07:00Z')
  assert.deepEqual(await watched.open(), [])
  await watched.set(`UPDATE recovery_point SET state = 'damaged' WHERE id = $1`, point)
  await watched.look()
  assert.deepEqual(
    await watched.open(),
    ['rpo-exceeded alpha/db 1.raw critical'],
    'it must be good',
  )
})

test('a newest recovery point that is older than its group allows', async (t) => {
  const watched = await Watched.create(t, '2027-03-01T07:00Z')
  const { planned } = watched
  const source = await planned.source('db.raw')
  await planned.group('by hand', { points: 'none', objectiveMinutes: 90 }, [source])
  const at = (time: string) => watched.look(Date.parse(time) - planned.now)
  await at('2027-03-01T08:29Z')
  assert.deepEqual(await watched.open(), [])
  await at('2027-03-01T08:31Z')
  assert.deepEqual(await watched.open(), ['rpo-exceeded alpha/db.raw warning'])
  assert.equal(
    (await watched.alert('rpo-exceeded')).cause,
    'the newest recovery point of alpha/db.raw may be 90 min old at most; there is none',
  )
  await at('2027-03-01T10:01Z')
  assert.deepEqual(await watched.open(), ['rpo-exceeded alpha/db.raw critical'])
  const point = await watched.rows.point(source, await watched.rows.version(source, []))
  await watched.set(
    `UPDATE recovery_point SET created_at = $2 WHERE id = $1`,
    point,
    new Date(planned.now),
  )
  await at('2027-03-01T11:00Z')
  assert.deepEqual(await watched.open(), [])
})

test('rules of groups that match nothing, or everything', async (t) => {
  const watched = await Watched.create(t)
  const { planned } = watched
  for (const name of ['a.raw', 'b.raw']) await planned.source(name)
  await planned.group('typo', { match: ['name:wbe*'], points: 'none' }, [])
  await planned.group('all', { match: ['host:alpha', 'name:a.*'], points: 'none' }, [])
  await watched.look()
  assert.deepEqual(await watched.open(), [
    'rule-matches-everything all informational',
    'rule-matches-nothing typo warning',
  ])
  assert.match((await watched.alert('rule-matches-everything')).cause, /host:alpha matches/)
  await planned.source('wbe.raw')
  const beta = await watched.rows.host('beta')
  await watched.rows.source(beta, 'other.raw')
  await watched.look()
  assert.deepEqual(await watched.open(), [])
})

test('a group that prefers a volume which takes nothing, and points that were to go and did not', async (t) => {
  const watched = await Watched.create(t)
  const { planned } = watched
  const source = await planned.source('kept.raw')
  await planned.group('fast', { volume: '/fast', points: 'none' }, [])
  await watched.rows.point(source, await watched.rows.version(source, []), { protect: true })
  await watched.database.query(
    `INSERT INTO stopped_protection (data_source, group_name, stopped_at, stopped_by, points, settings)
     VALUES ($1, 'old', now() + interval '1 second', 'ann', 'deleted', '{}')`,
    [source],
  )
  await watched.look()
  assert.deepEqual(await watched.open(), [
    'configure-protection-failed fast warning',
    'stop-protection-failed alpha/kept.raw warning',
  ])
  watched.volumes = [volume('u', '/fast', 100 * GIB, 60 * GIB)]
  await watched.set(`UPDATE recovery_point SET state = 'deleted'`)
  await watched.look()
  assert.deepEqual(await watched.open(), [])
})

test('a store that fills, with the day on which it will be full; a volume that is away', async (t) => {
  const watched = await Watched.create(t, '2027-05-01T12:00Z')
  await watched.database.query(`INSERT INTO volume (uid, path) VALUES ('uid-9', '/store')`)
  const at = (free: number, state?: 'offline') =>
    (watched.volumes = [volume('uid-9', '/store', 100 * GIB, free * GIB, state)])
  at(21)
  await watched.look()
  assert.deepEqual(await watched.open(), [])
  for (const [free, severity] of [
    [20, 'informational'],
    [10, 'warning'],
    [4, 'critical'],
  ] as const) {
    at(free)
    await watched.look()
    assert.deepEqual(await watched.open(), [`store-filling /store ${severity}`])
  }
  assert.equal((await watched.alert('store-filling')).cause, 'volume /store is 96 % full')
  at(0, 'offline')
  await watched.look()
  assert.deepEqual(await watched.open(), ['volume-missing /store critical'])
  // From here on 2 GiB a day: at 60 GiB used there are 20 days to go, and no percentage is reached.
  await watched.database.query(`DELETE FROM volume_usage`)
  for (let day = 0; day <= 12; day++) {
    at(64 - 2 * day)
    await watched.look(DAY_MS)
    if (day < 12) continue
    assert.deepEqual(await watched.open(), [], 'twenty days are enough')
  }
  for (let day = 13; day <= 19; day++) {
    at(64 - 2 * day)
    await watched.look(DAY_MS)
  }
  assert.deepEqual(await watched.open(), ['store-filling /store warning'])
  const { cause } = (await watched.alerts()).find(({ type }) => type === 'store-filling')!
  const full = new Date(planned(watched) + 13 * DAY_MS).toISOString().slice(0, 10)
  assert.equal(cause, `volume /store is 74 % full; as it goes it will be full on ${full}`)
})

function planned(watched: Watched): number {
  return watched.planned.now
}

test('the catalog that fills, a server that is read-only, verification that does not come round', async (t) => {
  const watched = await Watched.create(t)
  watched.catalogSpace = { totalBytes: 100, freeBytes: 3 }
  watched.mode = { name: 'read-only', reason: 'the catalog is older' }
  await watched.rows.pack([['a']])
  await watched.set(`UPDATE pack SET created_at = now() - interval '40 days'`)
  await watched.look()
  const store = watched.planned.store.storeId
  assert.deepEqual(await watched.open(), [
    'catalog-filling server critical',
    'server-read-only server critical',
    `verification-overdue ${store} warning`,
  ])
  watched.catalogSpace = { totalBytes: 100, freeBytes: 30 }
  watched.mode = { name: 'normal' }
  await watched.set(`UPDATE pack SET verified_at = now()`)
  await watched.look()
  assert.deepEqual(await watched.open(), [])
})

test("the server's own jobs that failed, until one of the kind succeeds", async (t) => {
  const watched = await Watched.create(t)
  const store = watched.planned.store.storeId
  const error = { code: 'internal', message: 'the disk is away' }
  const kinds = ['verification', 'collection', 'compaction', 'expiry']
  for (const kind of kinds) await watched.rows.job({ kind, state: 'failed', error })
  await watched.look()
  assert.deepEqual(await watched.open(), [
    `collection-failed ${store} warning`,
    `compaction-failed ${store} warning`,
    'retention-not-met server warning',
    `verification-failed ${store} warning`,
  ])
  assert.match((await watched.alert('collection-failed')).cause, /the disk is away/)
  for (const kind of kinds) await watched.rows.job({ kind })
  await watched.look()
  assert.deepEqual(await watched.open(), [])
})

test('recoveries: under way, done, in part, failed; a later one says how it is now', async (t) => {
  const watched = await Watched.create(t)
  const source = await watched.planned.source('vm.raw')
  const point = await watched.rows.point(source, await watched.rows.version(source, []))
  const recovery = async (state: string, more: { error?: unknown; result?: unknown } = {}) => {
    const id = await watched.rows.job({ kind: 'recovery', state, source, ...more })
    await watched.set(`UPDATE job SET request = $2 WHERE id = $1`, id, JSON.stringify({ point }))
    await watched.look()
  }
  await recovery('running')
  assert.deepEqual(await watched.open(), ['recovery-in-progress alpha/vm.raw informational'])
  await watched.set(`UPDATE job SET state = 'cancelled' WHERE state = 'running'`)
  await recovery('failed', { error: { code: 'target-full', message: 'no room' } })
  assert.deepEqual(await watched.open(), ['recovery-failed alpha/vm.raw critical'])
  await recovery('failed', { error: { code: 'target-full', message: 'still no room' } })
  assert.equal((await watched.alert('recovery-failed')).count, 2)
  const failed = [{ path: '/a', error: 'x' }]
  await recovery('completed', { result: { items: { restored: 3, skipped: 0, failed } } })
  assert.deepEqual(await watched.open(), ['recovery-partially-successful alpha/vm.raw warning'])
  await recovery('completed')
  assert.deepEqual(await watched.open(), ['recovery-successful alpha/vm.raw informational'])
  await watched.set(`UPDATE job SET finished_at = finished_at - interval '4 days'`)
  await watched.look()
  assert.deepEqual(await watched.open(), [], 'good news goes by itself')
})
