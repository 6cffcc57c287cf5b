import assert from 'node:assert/strict'
import test from 'node:test'
import { CHUNK_BYTES } from '../../core/model/geometry.ts'
import { systemClock } from '../../core/runtime/clock.ts'
import { LIST_POINTS, listPoints, pointFilterValues } from '../../server/catalog/points.ts'
import { labelPoint } from '../../server/flows/point-changes.ts'
import { decodePointDocument, decodeTombstone } from '../../server/store/point-document.ts'
import { STORED_CHUNK_BYTES } from '../support/catalog-rows.ts'
import { testDatabase } from '../support/database.ts'
import { CatalogRows } from '../support/catalog-rows.ts'
import { addSample, CALLER, SAMPLE_BYTES, startService, type Service } from './service.ts'

const HOUR_MS = 3_600_000

async function kindsAbout({ handlers }: Service, about: string): Promise<string[]> {
  const { events } = await handlers.listEvents({ about, limit: 0 }, CALLER)
  return events.map((event) => event.kind).reverse()
}

async function documents(service: Service, prefix: string): Promise<string[]> {
  const names: string[] = []
  for await (const name of service.store.listDocuments(prefix)) names.push(name)
  return names
}

test('a point has the shape that scripts rely on', async (t) => {
  const { handlers, rows } = await startService(t)
  const { second, versions } = await addSample(rows)
  const point = await handlers.getPoint({ point: second }, CALLER)
  const { createdAt, capturedAt, ...rest } = point
  assert.match(createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  assert.match(capturedAt ?? '', /Z$/)
  assert.deepEqual(rest, {
    id: second,
    version: versions[1],
    source: 'alpha/web.raw',
    sequence: 2,
    consistency: 'cold',
    hasMemory: false,
    paused: false,
    powerState: 'none',
    state: 'ready',
    protected: false,
    sizeBytes: SAMPLE_BYTES,
    changedBytes: rest.changedBytes,
    sentBytes: rest.sentBytes,
    storedBytes: rest.storedBytes,
    disks: [
      {
        name: 'web.raw',
        sizeBytes: SAMPLE_BYTES,
        transferMode: 'compared',
        format: 'raw',
        unreadableBytes: 0,
      },
    ],
  })
})

test('points are named by id, HOST/NAME@latest, @sequence, and NAME alone where one host has it', async (t) => {
  const { handlers, rows } = await startService(t)
  const { first, second } = await addSample(rows)
  const idOf = async (point: string) => (await handlers.getPoint({ point }, CALLER)).id
  assert.equal(await idOf('alpha/web.raw@latest'), second)
  assert.equal(await idOf('alpha/web.raw@1'), first)
  assert.equal(await idOf('web.raw@latest'), second)
  const beta = await rows.host('beta')
  await rows.source(beta, 'web.raw')
  await rows.source(beta, 'deep/er/ünïcode@x.raw')
  await assert.rejects(idOf('web.raw@latest'), {
    code: 'ambiguous-name',
    hint: /alpha\/web\.raw, beta\/web\.raw/,
  })
  await assert.rejects(idOf('beta/web.raw@latest'), { code: 'not-found', hint: /point create/ })
  await assert.rejects(idOf('alpha/wbe.raw@latest'), { code: 'not-found', hint: /alpha\/web\.raw/ })
  await assert.rejects(idOf(`${first}x`), { code: 'not-found', hint: new RegExp(first) })
  await assert.rejects(idOf('alpha/web.raw@newest'), { code: 'invalid-argument' })
  await assert.rejects(idOf('alpha/web.raw@9'), { code: 'not-found' })
  const { name } = await handlers.getSource({ source: 'beta/deep/er/ünïcode@x.raw' }, CALLER)
  assert.equal(name, 'beta/deep/er/ünïcode@x.raw')
})

test('points are listed newest first and filtered', async (t) => {
  const { handlers, rows } = await startService(t)
  const { first, second, source } = await addSample(rows)
  const beta = await rows.host('beta')
  const other = await rows.source(beta, 'other.raw')
  const disk = await rows.disk(other, 'd', { sizeBytes: 10 })
  const version = await rows.version(other, [{ disk, sizeBytes: 10, map: [0] }])
  const third = await rows.point(other, version, { daysAgo: 40, state: 'partial' })
  const list = async (request: Partial<Parameters<typeof handlers.listPoints>[0]>) =>
    (await handlers.listPoints({ limit: 0, ...request }, CALLER)).points.map((point) => point.id)
  const daysAgo = (days: number) => new Date(Date.now() - days * 24 * HOUR_MS).toISOString()
  assert.deepEqual(await list({}), [second, first, third])
  assert.deepEqual(await list({ limit: 1 }), [second])
  assert.deepEqual(await list({ source: 'alpha/web.raw' }), [second, first])
  assert.deepEqual(await list({ source }), [second, first])
  assert.deepEqual(await list({ host: 'beta' }), [third])
  assert.deepEqual(await list({ state: 'partial' }), [third])
  assert.deepEqual(await list({ label: 'before' }), [first])
  assert.deepEqual(await list({ since: daysAgo(2) }), [second, first])
  assert.deepEqual(await list({ until: daysAgo(0.5) }), [first, third])
  assert.deepEqual(await list({ since: daysAgo(50), until: daysAgo(30) }), [third])
  await assert.rejects(list({ since: 'yesterday' }), { code: 'invalid-argument' })
  await assert.rejects(list({ state: 'fine' }), { code: 'invalid-argument', hint: /ready/ })
  await assert.rejects(list({ group: 'gold' }), { code: 'not-found' })
  await assert.rejects(list({ host: 'gamma' }), { code: 'not-found' })
  await handlers.deletePoint({ point: first, preview: false }, CALLER)
  assert.deepEqual(await list({}), [second, third])
  assert.deepEqual(await list({ state: 'deleted' }), [first])
})

test('among 10,000 points lists use the indexes', async (t) => {
  const database = await testDatabase(t)
  const rows = new CatalogRows(database)
  const host = await rows.host('alpha')
  const sources = []
  for (let i = 0; i < 10; i++) sources.push(await rows.source(host, `s${i}.raw`))
  await database.query(
    `WITH made AS (
       INSERT INTO version (uid, data_source, sequence, generation, state)
       SELECT s || '-' || n, s, n, n, 'committed'
         FROM unnest($1::text[]) AS s, generate_series(1, 1000) AS n RETURNING id, data_source, sequence)
     INSERT INTO recovery_point (id, version, data_source, state, created_at)
     SELECT 'p-' || id, id, data_source, 'ready', now() - make_interval(mins => sequence::int) FROM made`,
    [sources],
  )
  await database.query('ANALYZE')
  const plan = async (filter: Parameters<typeof listPoints>[1]) => {
    const values = pointFilterValues(filter)
    const lines = await database.query<Record<string, string>>(`EXPLAIN ${LIST_POINTS}`, values)
    return lines.map((line) => Object.values(line)[0]).join('\n')
  }
  assert.match(
    await plan({ dataSource: sources[3], limit: 20 }),
    /recovery_point_data_source_created/,
  )
  assert.match(await plan({ limit: 20 }), /recovery_point_created_at/)
  assert.match(await plan({ ids: ['p-77'] }), /recovery_point_pkey/)
  const minutes = (n: number) => new Date(Date.now() - n * 60_000).toISOString()
  assert.match(await plan({ since: minutes(3) }), /recovery_point_created_at/)
  assert.equal((await listPoints(database, { dataSource: sources[3] })).length, 1000)
})

test('comment, protect and unprotect go into the catalog, the events and the store', async (t) => {
  const service = await startService(t)
  const { handlers, rows, store } = service
  const { first, source } = await addSample(rows)
  const commented = await handlers.commentPoint(
    { point: first, comment: 'before the update' },
    CALLER,
  )
  assert.equal(commented.comment, 'before the update')
  assert.equal((await handlers.protectPoint({ point: first }, CALLER)).protected, true)
  await handlers.protectPoint({ point: first }, CALLER) // again changes nothing
  const [name] = await documents(service, 'points/')
  assert.equal(name, `points/${source}/1-${await uidOf(service, first)}.json`)
  const document = decodePointDocument(name, (await store.readDocument(name))!)
  assert.deepEqual(
    [document.id, document.comment, document.protected, document.label, document.state],
    [first, 'before the update', true, 'before', 'ready'],
  )
  await assert.rejects(handlers.deletePoint({ point: first, preview: false }, CALLER), {
    code: 'point-protected',
  })
  assert.equal((await handlers.unprotectPoint({ point: first }, CALLER)).protected, false)
  const empty = await handlers.commentPoint({ point: first, comment: '' }, CALLER)
  assert.equal(empty.comment, undefined)
  assert.deepEqual(await kindsAbout(service, first), [
    'point-commented',
    'point-protected',
    'point-unprotected',
    'point-commented',
  ])
  await assert.rejects(handlers.commentPoint({ point: first, comment: 'x'.repeat(5000) }, CALLER), {
    code: 'invalid-argument',
  })
})

test('a label can be given later, and taken away', async (t) => {
  const { handlers, rows, database, store } = await startService(t)
  const { second } = await addSample(rows)
  const deps = { database, store, clock: systemClock }
  await labelPoint(deps, second, 'golden', 'ann')
  assert.equal((await handlers.getPoint({ point: second }, CALLER)).label, 'golden')
  await labelPoint(deps, second, '', 'ann')
  assert.equal((await handlers.getPoint({ point: second }, CALLER)).label, undefined)
})

async function uidOf({ database }: Service, point: string): Promise<string> {
  const [row] = await database.query<{ uid: string }>(
    `SELECT v.uid FROM version v JOIN recovery_point p ON p.version = v.id WHERE p.id = $1`,
    [point],
  )
  return row!.uid
}

test('what is acknowledged is in the store first: a store that fails changes nothing', async (t) => {
  const service = await startService(t)
  const { handlers, rows, store } = service
  const { first } = await addSample(rows)
  t.mock.method(store, 'writeDocument', () => Promise.reject(new Error('planned fault')))
  await assert.rejects(handlers.commentPoint({ point: first, comment: 'lost' }, CALLER))
  await assert.rejects(handlers.deletePoint({ point: first, preview: false }, CALLER))
  const point = await handlers.getPoint({ point: first }, CALLER)
  assert.deepEqual([point.comment, point.state], [undefined, 'ready'])
  assert.deepEqual(await kindsAbout(service, first), [])
})

test('a deletion says what it frees, can be undone for 72 hours, and leaves a tombstone', async (t) => {
  const service = await startService(t)
  const { handlers, rows, store } = service
  const { first, second } = await addSample(rows)
  // Chunks 3, 4, 1030, 1031 and the last one are named by the first point's version alone.
  const preview = await handlers.deletePoint({ point: first, preview: true }, CALLER)
  assert.deepEqual(preview, { point: first, deleted: false, freedBytes: 5 * STORED_CHUNK_BYTES })
  assert.deepEqual(await documents(service, ''), [])

  const request = { point: first, preview: false, reason: 'no longer wanted' }
  const deletion = await handlers.deletePoint(request, CALLER)
  assert.deepEqual([deletion.deleted, deletion.freedBytes], [true, 5 * STORED_CHUNK_BYTES])
  const left = new Date(deletion.undeleteUntil ?? 0).getTime() - Date.now()
  assert.ok(left > 71 * HOUR_MS && left <= 72 * HOUR_MS)
  const deleted = await handlers.getPoint({ point: first }, CALLER)
  assert.equal(deleted.state, 'deleted')
  assert.equal((await handlers.getStorage({}, CALLER)).reclaimableBytes > 0, true)
  const [tombstone] = await documents(service, 'tombstones/')
  const said = decodeTombstone(tombstone!, (await store.readDocument(tombstone!))!)
  assert.deepEqual(
    [said.id, said.deletedBy, said.deletionReason, said.stateBefore],
    [first, 'ann', 'no longer wanted', 'ready'],
  )
  const again = await handlers.deletePoint(request, CALLER)
  assert.equal(again.undeleteUntil, deletion.undeleteUntil)
  await assert.rejects(handlers.commentPoint({ point: first, comment: 'x' }, CALLER), {
    code: 'not-found',
    hint: /undelete/,
  })

  const back = await handlers.undeletePoint({ point: first }, CALLER)
  assert.deepEqual([back.state, back.label, back.deletedAt], ['ready', 'before', undefined])
  assert.deepEqual(await documents(service, 'tombstones/'), [])
  const [name] = await documents(service, 'points/')
  assert.equal(decodePointDocument(name!, (await store.readDocument(name!))!).state, 'ready')
  assert.deepEqual(await kindsAbout(service, first), ['point-deleted', 'point-undeleted'])

  await handlers.deletePoint(request, CALLER)
  service.later(73 * HOUR_MS)
  await assert.rejects(handlers.undeletePoint({ point: first }, CALLER), { code: 'not-found' })
  assert.equal((await handlers.undeletePoint({ point: second }, CALLER)).state, 'ready')
})

test('a deleted point keeps its shape when its version is gone', async (t) => {
  const { handlers, rows, database } = await startService(t)
  const { first, versions } = await addSample(rows)
  const before = await handlers.getPoint({ point: first }, CALLER)
  await handlers.deletePoint({ point: first, preview: false }, CALLER)
  await database.query(`UPDATE recovery_point SET version = NULL WHERE id = $1`, [first])
  await database.query(`DELETE FROM version WHERE id = $1`, [versions[0]])
  const { deletedAt, ...after } = await handlers.getPoint({ point: first }, CALLER)
  assert.ok(deletedAt)
  assert.deepEqual(after, { ...before, state: 'deleted' })
  await assert.rejects(handlers.undeletePoint({ point: first }, CALLER), { code: 'not-found' })
})

test('an undeleted point is damaged when what it names was found damaged meanwhile', async (t) => {
  const { handlers, rows, database } = await startService(t)
  const { first, maps } = await addSample(rows)
  await handlers.deletePoint({ point: first, preview: false }, CALLER)
  const lost = maps[0][3] // the second point has another chunk there
  await database.query(`INSERT INTO damage (chunk, found_by, cause) VALUES ($1, 'job-v', 'bit')`, [
    lost,
  ])
  assert.equal((await handlers.undeletePoint({ point: first }, CALLER)).state, 'damaged')
})

test('deletions that are refused', async (t) => {
  const { handlers, rows, database } = await startService(t)
  const { first, second, versions, source } = await addSample(rows)
  const remove = (point: string) => handlers.deletePoint({ point, preview: false }, CALLER)
  const set = (column: string, value: string, point: string) =>
    database.query(`UPDATE recovery_point SET ${column} = ${value} WHERE id = $1`, [point])

  await set('locked_until', `now() + interval '1 day'`, first)
  await assert.rejects(remove(first), { code: 'point-locked' })
  await assert.rejects(handlers.deletePoint({ point: first, preview: true }, CALLER), {
    code: 'point-locked',
  })
  await set('locked_until', `now() - interval '1 second'`, first)

  const job = await rows.job({ kind: 'recovery', state: 'running', source })
  await database.query(`INSERT INTO hold (version, holder) VALUES ($1, $2)`, [versions[0], job])
  await assert.rejects(remove(first), { code: 'point-held', message: new RegExp(job) })
  await database.query(`UPDATE job SET state = 'completed' WHERE id = $1`, [job])

  await set('state', `'suspect'`, first)
  await assert.rejects(remove(second), { code: 'last-good-point' })
  await remove(first)
  await assert.rejects(remove(second), { code: 'last-good-point' })
  await set('state', `'suspect'`, second)
  await assert.rejects(remove(second), { code: 'last-good-point' })
  await set('state', `'damaged'`, second)
  assert.equal((await remove(second)).freedBytes, 0) // it is the replica: nothing goes
  await assert.rejects(remove('point-nowhere'), { code: 'not-found' })
})

test('of two deletions of the last two good points at once, one is refused', async (t) => {
  const { handlers, rows } = await startService(t)
  const { first, second } = await addSample(rows)
  const both = await Promise.allSettled(
    [first, second].map((point) => handlers.deletePoint({ point, preview: false }, CALLER)),
  )
  assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
})

test('freed bytes count across neighbours: pages that a younger point still reads stay', async (t) => {
  const { handlers, rows } = await startService(t)
  const { source, disk, maps } = await addSample(rows)
  const [d] = await rows.pack([['d-0', 'd-1']])
  const third = [...maps[1]]
  third[0] = d! * 1024
  const shape = { disk, sizeBytes: SAMPLE_BYTES }
  const version = await rows.version(source, [{ ...shape, map: third, before: maps[1] }])
  const newest = await rows.point(source, version)
  const freed = async (point: string) =>
    (await handlers.deletePoint({ point, preview: true }, CALLER)).freedBytes
  // Of the second point's three new pages, only the first is younger in the third. It alone names
  // no chunk: c-3 and c-4 live on in the third's page, a-0 in the first point's.
  assert.equal(await freed('alpha/web.raw@2'), 0)
  assert.equal(await freed(newest), 0)
  assert.equal(SAMPLE_BYTES > 2 * 1024 * CHUNK_BYTES, true)
})
