import assert from 'node:assert/strict'
import test from 'node:test'
import { chunkId } from '../../core/model/chunk-id.ts'
import { addSample, CALLER, SAMPLE_BYTES, startService, texts } from './service.ts'

test('a source has the shape that scripts rely on', async (t) => {
  const { handlers, rows } = await startService(t)
  const { source, second } = await addSample(rows)
  const { lastPoint, ...rest } = await handlers.getSource({ source: 'alpha/web.raw' }, CALLER)
  assert.deepEqual(rest, {
    id: source,
    name: 'alpha/web.raw',
    host: 'alpha',
    kind: 'image',
    state: 'present',
    replicaState: 'ok',
    disks: [{ name: 'web.raw', format: 'raw', sizeBytes: SAMPLE_BYTES, protected: true }],
    allowUnsettled: false,
    points: 2,
    ...{ owner: '', tenant: '', tags: [], firmware: '', powerState: '', uuid: '' },
  })
  assert.deepEqual(lastPoint, await handlers.getPoint({ point: second }, CALLER))
})

test('disks say whether they are protected, and why not', async (t) => {
  const { handlers, rows, database } = await startService(t)
  const host = await rows.host('alpha')
  const source = await rows.source(host, 'vm')
  const held = await rows.disk(source, 'held')
  const gone = await rows.disk(source, 'gone')
  const [a] = await rows.pack([texts('a', 2)])
  await rows.version(source, [
    { disk: held, sizeBytes: 5, map: [chunkId(a!, 0)] },
    { disk: gone, sizeBytes: 6, map: [chunkId(a!, 1)] },
  ])
  await rows.disk(source, 'new')
  const refused = await rows.disk(source, 'refused')
  await rows.disk(source, 'long gone')
  await database.query(`UPDATE disk SET present = false WHERE name LIKE '%gone'`)
  await database.query(
    `UPDATE disk SET protectable = false, reason = 'differencing VHD' WHERE id = $1`,
    [refused],
  )
  const { disks } = await handlers.getSource({ source }, CALLER)
  assert.deepEqual(
    disks.map((disk) => [disk.name, disk.protected, disk.reason]),
    [
      ['held', true, undefined],
      ['gone', true, 'disk-vanished'],
      ['new', false, 'new-disk'],
      ['refused', false, 'differencing VHD'],
    ],
  )
  const bare = await rows.source(host, 'bare')
  await rows.disk(bare, 'one')
  const shown = await handlers.getSource({ source: bare }, CALLER)
  assert.deepEqual(shown.disks[0]?.reason, 'no-recovery-point')
})

test('sources are listed by name, of one host, or without a point', async (t) => {
  const { handlers, rows } = await startService(t)
  const { host } = await addSample(rows)
  await rows.source(host, 'a.raw')
  await rows.source(await rows.host('beta'), 'b.raw', { present: false })
  const list = async (request: { host?: string; unprotected: boolean }) =>
    (await handlers.listSources(request, CALLER)).sources.map((source) => source.name)
  assert.deepEqual(await list({ unprotected: false }), [
    'alpha/a.raw',
    'alpha/web.raw',
    'beta/b.raw',
  ])
  assert.deepEqual(await list({ unprotected: true }), ['alpha/a.raw', 'beta/b.raw'])
  assert.deepEqual(await list({ host: 'alpha', unprotected: true }), ['alpha/a.raw'])
  await assert.rejects(list({ host: 'aplha', unprotected: false }), {
    code: 'not-found',
    hint: /Is it alpha\?/,
  })
  const missing = await handlers.getSource({ source: 'beta/b.raw' }, CALLER)
  assert.equal(missing.state, 'missing')
})

test('a source may allow unsettled copies, and go to another owner', async (t) => {
  const { handlers, rows, database } = await startService(t)
  const { source } = await addSample(rows)
  const beta = await rows.host('beta')
  const allowed = await handlers.setSource({ source, allowUnsettled: true }, CALLER)
  assert.equal(allowed.allowUnsettled, true)
  await handlers.setSource({ source, allowUnsettled: true }, CALLER)
  await handlers.setSource({ source }, CALLER)
  const moved = await handlers.moveOwner({ source: 'alpha/web.raw', host: 'beta' }, CALLER)
  assert.deepEqual(
    [moved.id, moved.name, moved.state, moved.points],
    [source, 'beta/web.raw', 'missing', 2],
  )
  const { events } = await handlers.listEvents({ about: 'beta/web.raw', limit: 0 }, CALLER)
  assert.deepEqual(
    events.map((event) => [event.kind, event.actor]),
    [
      ['source-owner-moved', 'ann'],
      ['source-changed', 'ann'],
    ],
  )
  await rows.source(await rows.host('gamma'), 'web.raw')
  await assert.rejects(handlers.moveOwner({ source, host: 'gamma' }, CALLER), {
    code: 'already-exists',
  })
  await database.query(`UPDATE host SET revoked_at = now() WHERE id = $1`, [beta])
  const other = await rows.source(await rows.host('delta'), 'd.raw')
  await assert.rejects(handlers.moveOwner({ source: other, host: 'beta' }, CALLER), {
    code: 'host-revoked',
  })
})

test('hosts: states, rename, throttle and revoke', async (t) => {
  const { handlers, rows, sent, database } = await startService(t)
  const { host } = await addSample(rows)
  await rows.host('beta', { online: false })
  const { hosts } = await handlers.listHosts({}, CALLER)
  assert.deepEqual(
    hosts.map((one) => [one.name, one.state, one.sources]),
    [
      ['alpha', 'online', 1],
      ['beta', 'unreachable', 0],
    ],
  )
  await database.query(
    `UPDATE host SET last_seen_at = now() - interval '2 minutes' WHERE id = $1`,
    [host],
  )
  assert.equal((await handlers.getHost({ host: 'alpha' }, CALLER)).state, 'unreachable')
  await database.query(`UPDATE host SET incompatible_reason = 'too old' WHERE id = $1`, [host])
  const incompatible = await handlers.getHost({ host }, CALLER)
  assert.deepEqual([incompatible.state, incompatible.warnings], ['incompatible', ['too old']])

  const renamed = await handlers.renameHost({ host: 'alpha', name: 'omega' }, CALLER)
  assert.equal(renamed.name, 'omega')
  assert.equal((await handlers.getSource({ source: 'omega/web.raw' }, CALLER)).host, 'omega')
  await assert.rejects(handlers.renameHost({ host: 'omega', name: 'beta' }, CALLER), {
    code: 'host-name-taken',
  })
  await assert.rejects(handlers.renameHost({ host: 'omega', name: 'a/b' }, CALLER), {
    code: 'invalid-argument',
  })
  await assert.rejects(handlers.renameHost({ host: 'omega', name: '' }, CALLER), {
    code: 'invalid-argument',
  })
  const throttled = await handlers.throttleHost({ host, bytesPerSecond: 1000 }, CALLER)
  assert.equal(throttled.bytesPerSecond, 1000)
  assert.deepEqual(sent, [{ host, work: { throttle: { job: '', bytesPerSecond: 1000 } } }])
  assert.equal((await handlers.revokeHost({ host }, CALLER)).state, 'revoked')
  const { events } = await handlers.listEvents({ about: 'omega', limit: 0 }, CALLER)
  assert.deepEqual(
    events.map((event) => event.kind),
    ['host-revoked', 'host-throttled', 'host-renamed'],
  )
})

test('a join token carries addresses and lives no longer than it may', async (t) => {
  const { handlers } = await startService(t)
  const { token, expiresAt } = await handlers.createToken({ ttlSeconds: 60, host: 'alpha' }, CALLER)
  assert.ok(token.length > 40)
  const left = new Date(expiresAt).getTime() - Date.now()
  assert.ok(left > 30_000 && left < 61_000)
  const usual = await handlers.createToken({ ttlSeconds: 0 }, CALLER)
  assert.ok(new Date(usual.expiresAt).getTime() - Date.now() > 14 * 60_000)
  await assert.rejects(handlers.createToken({ ttlSeconds: 86_400 }, CALLER), {
    code: 'invalid-argument',
  })
})
