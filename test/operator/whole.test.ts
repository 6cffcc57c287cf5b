import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { systemRandom } from '../../core/runtime/random.ts'
import { raiseAlert, resolveAlert } from '../../server/catalog/alerts.ts'
import { recordEvent } from '../../server/catalog/events.ts'
import { addSample, CALLER, SAMPLE_BYTES, startService } from './service.ts'

test('status is ok when nothing is wrong, and says what is wrong otherwise', async (t) => {
  const { handlers, rows, database, store, inMode } = await startService(t)
  const { host, source } = await addSample(rows)
  await rows.source(host, 'fresh.raw')
  const well = await handlers.getStatus({}, CALLER)
  assert.deepEqual([well.ok, well.problems, well.alerts], [true, [], 0])
  assert.deepEqual(well.hosts, { online: 1, unreachable: 0, total: 1 })
  assert.deepEqual(well.sources, { protected: 1, unprotected: 1, late: 0 })
  assert.deepEqual([well.server?.id, well.server?.mode], ['server-test', 'normal'])
  assert.ok(well.database?.ok && well.database.embedded && well.database.sizeBytes > 0)
  assert.match(well.database.version, /^\d+/)
  assert.equal(well.store?.id, store.storeId)

  const problems = async (statement: string) => {
    await database.query(statement)
    const { ok, problems } = await handlers.getStatus({}, CALLER)
    assert.equal(ok, false)
    return problems.join('\n')
  }
  assert.match(await problems(`UPDATE host SET session = NULL`), /host alpha is unreachable/)
  await database.query(`UPDATE host SET session = 's'`)
  assert.match(
    await problems(`UPDATE data_source SET replica_state = 'inconsistent', replica_reason = 'why'`),
    /the replica of alpha\/web\.raw is inconsistent: why/,
  )
  await database.query(`UPDATE data_source SET replica_state = 'ok'`)
  assert.match(
    await problems(`INSERT INTO damage (chunk, found_by, cause) VALUES (65537, 'j', 'bit')`),
    /1 stored chunk is damaged/,
  )
  await database.query(`DELETE FROM damage`)
  assert.match(
    await problems(`UPDATE recovery_point SET state = 'damaged' WHERE label = 'before'`),
    /1 recovery point is damaged/,
  )
  await database.query(`UPDATE recovery_point SET state = 'ready'`)

  const reason = 'the store is ahead'
  const readOnly = await inMode({ name: 'read-only', reason }).getStatus({}, CALLER)
  assert.deepEqual([readOnly.ok, readOnly.server?.modeReason], [false, reason])
  t.mock.method(store, 'volumes', () => Promise.reject(new Error('input/output error')))
  const unwell = await handlers.getStatus({}, CALLER)
  assert.deepEqual([unwell.ok, unwell.store?.ok], [false, false])

  await rows.job({ kind: 'recovery-point', state: 'failed', source })
  assert.equal((await handlers.getStatus({}, CALLER)).sources?.late, 1)
})

test('status answers while the database is away', async (t) => {
  const { handlers, database } = await startService(t)
  t.mock.method(database, 'query', () => Promise.reject(new Error('connection refused')))
  const status = await handlers.getStatus({}, CALLER)
  assert.deepEqual([status.ok, status.database?.ok], [false, false])
  assert.match(status.problems.join(), /connection refused/)
})

test('read-only: nothing is changed, everything is shown', async (t) => {
  const { rows, inMode } = await startService(t)
  const { first, source } = await addSample(rows)
  const handlers = inMode({ name: 'read-only', reason: 'the store is ahead' })
  const point = { point: first }
  const refused = [
    () => handlers.commentPoint({ ...point, comment: 'x' }, CALLER),
    () => handlers.protectPoint(point, CALLER),
    () => handlers.unprotectPoint(point, CALLER),
    () => handlers.deletePoint({ ...point, preview: false }, CALLER),
    () => handlers.undeletePoint(point, CALLER),
    () => handlers.createPointFrom({ ...point, disk: 'web.raw' }, CALLER),
    () =>
      handlers.startTransfers(
        { sources: [source], kind: 'point', protect: false, inconsistentOnly: false },
        CALLER,
      ),
    () => handlers.startCollect({}, CALLER),
    () => handlers.startCompact({}, CALLER),
    () => handlers.addVolume({ path: '/nowhere' }, CALLER),
    () => handlers.setSource({ source, allowUnsettled: true }, CALLER),
    () => handlers.moveOwner({ source, host: 'alpha' }, CALLER),
  ]
  for (const attempt of refused)
    await assert.rejects(attempt(), { code: 'catalog-older-than-store' })
  assert.equal((await handlers.getPoint(point, CALLER)).id, first)
  await handlers.deletePoint({ ...point, preview: true }, CALLER)
  const { nextCollectAt } = await handlers.getStorage({}, CALLER)
  assert.equal(nextCollectAt, undefined)
})

test('storage: figures, and a further volume', async (t) => {
  const { handlers, rows, folder, database } = await startService(t)
  await addSample(rows)
  const storage = await handlers.getStorage({}, CALLER)
  assert.equal(storage.volumes.length, 1)
  assert.equal(storage.volumes[0]?.state, 'writable')
  assert.deepEqual(
    [storage.packs, storage.storedBytes, storage.logicalBytes, storage.reclaimableBytes],
    [2, 26_000, 2 * SAMPLE_BYTES, 0],
  )
  assert.match(storage.oldestUnverifiedAt ?? '', /Z$/)
  assert.match(storage.nextCollectAt ?? '', /Z$/)
  // Nobody names the segment of chunk b-0, and compaction left two holes in another.
  await database.query(
    `INSERT INTO suspect (segment) SELECT id FROM segment
      WHERE NOT EXISTS (SELECT FROM page WHERE segments @> ARRAY[segment.id])`,
  )
  await database.query(`UPDATE segment SET holes = B'0110'::varbit WHERE count = 4`)
  assert.equal((await handlers.getStorage({}, CALLER)).reclaimableBytes, 3000)

  const more = join(folder, 'more')
  const added = await handlers.addVolume({ path: more }, CALLER)
  assert.deepEqual(added.volumes.map((volume) => volume.path).includes(more), true)
  const known = await database.query(`SELECT path FROM volume WHERE path = $1`, [more])
  assert.equal(known.length, 1)
  await assert.rejects(handlers.addVolume({ path: 'relative' }, CALLER), {
    code: 'invalid-argument',
  })
  await assert.rejects(handlers.addVolume({ path: '' }, CALLER), { code: 'invalid-argument' })
  const full = join(folder, 'full')
  await mkdir(full)
  await writeFile(join(full, 'letter.txt'), 'mine')
  await assert.rejects(handlers.addVolume({ path: full }, CALLER), { code: 'already-exists' })
})

test('events: newest first, about an object and what belongs to it, since a time', async (t) => {
  const { handlers, rows, database } = await startService(t)
  const { source, first, second } = await addSample(rows)
  const job = await rows.job({ kind: 'recovery-point', source })
  for (const [kind, about] of [
    ['one', source],
    ['two', first],
    ['three', job],
    ['four', 'host-alpha'],
  ] as const)
    await recordEvent(database, { kind, about, message: `${kind} happened`, actor: 'ann' })
  await database.query(`UPDATE event SET at = now() - interval '1 hour' WHERE kind = 'two'`)
  const list = async (about?: string, since?: string, limit = 0) => {
    const filter = { limit, ...(about && { about }), ...(since && { since }) }
    return (await handlers.listEvents(filter, CALLER)).events.map((event) => event.kind)
  }
  assert.deepEqual(await list(), ['four', 'three', 'two', 'one'])
  assert.deepEqual(await list('alpha/web.raw'), ['three', 'two', 'one'])
  assert.deepEqual(await list(first), ['two'])
  assert.deepEqual(await list('alpha/web.raw@1'), ['two'])
  assert.deepEqual(await list(second), [])
  assert.deepEqual(await list(job), ['three'])
  assert.deepEqual(await list('alpha'), ['four'])
  assert.deepEqual(await list('unheard-of'), [])
  const halfAnHour = new Date(Date.now() - 1_800_000).toISOString()
  assert.deepEqual(await list(undefined, halfAnHour), ['four', 'three', 'one'])
  assert.deepEqual(await list(undefined, undefined, 2), ['four', 'three'])
  const [event] = (await handlers.listEvents({ about: job, limit: 0 }, CALLER)).events
  assert.deepEqual(Object.keys(event ?? {}), ['id', 'at', 'kind', 'about', 'message', 'actor'])
})

test('events roll back with the change that they tell of', async (t) => {
  const { handlers, database } = await startService(t)
  const change = database.tx(async (q) => {
    await recordEvent(q, { kind: 'never', about: 'x', message: 'x' })
    throw new Error('planned')
  })
  await assert.rejects(change)
  assert.deepEqual((await handlers.listEvents({ limit: 0 }, CALLER)).events, [])
})

test('alerts: one open per type and object, counted; acknowledged ones count on in silence', async (t) => {
  const { handlers, database } = await startService(t)
  const raise = (object: string, cause = 'a bit flipped') =>
    raiseAlert(database, systemRandom, {
      ...{ type: 'stored-data-damaged', severity: 'critical', object, cause, action: 'run check' },
    })
  const both = await Promise.all([raise('point-1'), raise('point-1'), raise('point-1')])
  assert.equal(new Set(both).size, 1)
  const other = await raise('point-2')
  const [id] = both
  const shown = await handlers.getAlert({ alert: id }, CALLER)
  const { firstSeenAt, lastSeenAt, ...rest } = shown
  assert.ok(firstSeenAt <= lastSeenAt)
  assert.deepEqual(rest, {
    ...{
      id,
      type: 'stored-data-damaged',
      severity: 'critical',
      state: 'active',
      object: 'point-1',
    },
    ...{
      count: 3,
      cause: 'a bit flipped',
      action: 'run check',
      command: '',
      objectName: 'point-1',
    },
  })
  const list = async (all: boolean) =>
    (await handlers.listAlerts({ all, limit: 0 }, CALLER)).alerts.map((alert) => [
      alert.id,
      alert.state,
    ])
  assert.deepEqual(await list(false), [
    [other, 'active'],
    [id, 'active'],
  ])
  const seen = await handlers.acknowledgeAlert({ alert: id }, CALLER)
  assert.equal(seen.state, 'acknowledged')
  await handlers.acknowledgeAlert({ alert: id }, CALLER)
  assert.equal(await raise('point-1', 'another bit'), id)
  assert.deepEqual(await list(false), [[other, 'active']])
  assert.equal((await handlers.getAlert({ alert: id }, CALLER)).count, 4)
  await resolveAlert(database, 'stored-data-damaged', 'point-1')
  await resolveAlert(database, 'stored-data-damaged', 'point-1')
  assert.notEqual(await raise('point-1'), id)
  assert.equal((await list(true)).length, 3)
  const { events } = await handlers.listEvents({ about: 'point-1', limit: 0 }, CALLER)
  assert.deepEqual(
    events.map((event) => event.kind),
    ['alert-raised', 'alert-resolved', 'alert-acknowledged', 'alert-raised'],
  )
  assert.equal((await handlers.getStatus({}, CALLER)).alerts, 2)
  await assert.rejects(handlers.getAlert({ alert: 'alert-none' }, CALLER), { code: 'not-found' })
  await assert.rejects(handlers.acknowledgeAlert({ alert: 'alert-none' }, CALLER), {
    code: 'not-found',
  })
})
