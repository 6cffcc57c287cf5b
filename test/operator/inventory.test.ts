import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { systemRandom } from '../../core/runtime/random.ts'
import { listAlerts } from '../../server/catalog/alerts-view.ts'
import type { Database } from '../../server/catalog/database.ts'
import { listEvents } from '../../server/catalog/events.ts'
import { applyInventory } from '../../server/flows/inventory.ts'
import type { OfferedDisk, OfferedSource } from '../../server/flows/inventory-match.ts'
import { CatalogRows } from '../support/catalog-rows.ts'
import { testDatabase } from '../support/database.ts'

const GIB = 1024 ** 3

function disk(name: string, more: Partial<OfferedDisk> = {}): OfferedDisk {
  return {
    name,
    path: `/images/${name}`,
    format: 'raw',
    sizeBytes: GIB,
    protectable: true,
    reason: '',
    ...more,
  }
}

function image(name: string, more: Partial<OfferedSource> = {}): OfferedSource {
  const key = `/images/${name}`
  const none = { uuid: '', powerState: '', firmware: '' }
  return { key, name, kind: 'image', ...none, disks: [disk(name)], present: true, ...more }
}

const vm = (name: string, uuid: string) => image(name, { key: `vm:${name}`, kind: 'vm', uuid })

async function offer(database: Database, host: string, ...sources: OfferedSource[]): Promise<void> {
  const inventory = { sources, restoreRoots: ['/srv/restores'], warnings: ['a note'] }
  await applyInventory(database, systemRandom, host, inventory)
}

interface Row {
  id: string
  host: string
  key: string
  name: string
  present: boolean
}

async function rows(database: Database): Promise<Row[]> {
  return database.query<Row>(
    `SELECT id, host, key, name, present FROM data_source ORDER BY name, id`,
  )
}

async function kinds(database: Database): Promise<string[]> {
  return (await listEvents(database, {})).map((event) => event.kind).reverse()
}

test('new sources appear, vanished ones are marked and come back under their id', async (t) => {
  const database = await testDatabase(t)
  const host = await new CatalogRows(database).host('alpha')
  await offer(database, host, image('web/a.raw'), image('b.raw'))
  const first = await rows(database)
  assert.deepEqual(
    first.map(({ name, present }) => ({ name, present })),
    [
      { name: 'b.raw', present: true },
      { name: 'web/a.raw', present: true },
    ],
  )
  await offer(database, host, image('b.raw'))
  assert.deepEqual(
    (await rows(database)).map(({ present }) => present),
    [true, false],
  )
  await offer(database, host, image('b.raw'), image('web/a.raw'))
  assert.deepEqual(await rows(database), first)
  assert.deepEqual(await kinds(database), [
    'source-appeared',
    'disk-appeared',
    'source-appeared',
    'disk-appeared',
    'source-vanished',
    'source-returned',
  ])
  const [seen] = await database.query(`SELECT restore_roots, warnings FROM host`)
  assert.deepEqual(seen, { restore_roots: ['/srv/restores'], warnings: ['a note'] })
})

test('an inventory that changed nothing writes no event', async (t) => {
  const database = await testDatabase(t)
  const host = await new CatalogRows(database).host('alpha')
  const sources = [
    image('a.raw'),
    vm('db', 'u-1'),
    image('c.raw', { disks: [disk('c1'), disk('c2')] }),
  ]
  await offer(database, host, ...sources)
  const before = await kinds(database)
  await offer(database, host, ...sources)
  await offer(database, host, ...sources.toReversed())
  assert.deepEqual(await kinds(database), before)
})

test('a source follows its key to a new name, also when two swap theirs', async (t) => {
  const database = await testDatabase(t)
  const host = await new CatalogRows(database).host('alpha')
  await offer(database, host, image('a.raw'), image('b.raw'))
  const [a, b] = await rows(database)
  await offer(
    database,
    host,
    image('a.raw', { key: '/images/b.raw' }),
    image('b.raw', { key: '/images/a.raw' }),
  )
  const swapped = await rows(database)
  assert.deepEqual(
    swapped.map(({ id, name }) => ({ id, name })),
    [
      { id: b!.id, name: 'a.raw' },
      { id: a!.id, name: 'b.raw' },
    ],
  )
})

test('a source whose folder moved keeps its history by its name', async (t) => {
  const database = await testDatabase(t)
  const host = await new CatalogRows(database).host('alpha')
  await offer(database, host, image('a.raw'))
  const [before] = await rows(database)
  await offer(database, host, image('a.raw', { key: '/moved/a.raw' }))
  const [after] = await rows(database)
  assert.deepEqual(after, { ...before, key: '/moved/a.raw' })
  assert.equal((await kinds(database)).at(-1), 'source-place-changed')
})

test('another VM under an old name is another source, and the old one makes room', async (t) => {
  const database = await testDatabase(t)
  const host = await new CatalogRows(database).host('alpha')
  await offer(database, host, vm('db', 'u-1'))
  const [old] = await rows(database)
  await offer(database, host, vm('db', 'u-2'))
  const all = await rows(database)
  assert.equal(all.length, 2)
  const [fresh, aside] = all
  assert.equal(fresh!.name, 'db')
  assert.notEqual(fresh!.id, old!.id)
  assert.deepEqual(
    { id: aside!.id, name: aside!.name, present: aside!.present },
    { id: old!.id, name: 'db~2', present: false },
  )
})

test('two offered under one name keep apart, and stay as they are next time', async (t) => {
  const database = await testDatabase(t)
  const host = await new CatalogRows(database).host('alpha')
  const twins = [image('a', { key: '/x/a' }), image('a', { key: '/y/a' })]
  await offer(database, host, ...twins)
  const before = await rows(database)
  assert.deepEqual(
    before.map(({ key, name }) => ({ key, name })),
    [
      { key: '/x/a', name: 'a' },
      { key: '/y/a', name: 'a~2' },
    ],
  )
  await offer(database, host, ...twins.toReversed())
  assert.deepEqual(await rows(database), before)
})

test('a VM that another host owns stays there until that host no longer has it', async (t) => {
  const database = await testDatabase(t)
  const rowsOf = new CatalogRows(database)
  const [alpha, beta] = [await rowsOf.host('alpha'), await rowsOf.host('beta')]
  await offer(database, alpha, vm('db', 'u-1'))
  const [owned] = await rows(database)
  await offer(database, beta, vm('db', 'u-1'), image('z.raw'))
  assert.equal((await rows(database)).filter((row) => row.name === 'db').length, 1)
  const [alert] = await listAlerts(database, { all: false })
  assert.equal(alert?.type, 'source-owned-elsewhere')
  assert.match(alert?.cause ?? '', /alpha\/db/)
  const [beta1] = await database.query(`SELECT warnings FROM host WHERE id = $1`, [beta])
  assert.match(JSON.stringify(beta1), /source-owned-elsewhere/)

  await offer(database, alpha) // it no longer has it
  await offer(database, beta, vm('db', 'u-1'), image('z.raw'))
  const [moved] = await rows(database)
  assert.deepEqual(moved, { ...owned, host: beta })
  assert.deepEqual(await listAlerts(database, { all: false }), [])
  assert.ok((await kinds(database)).includes('source-owner-moved'))

  await offer(database, alpha, vm('db', 'u-1')) // and now it is the other way round
  assert.equal((await listAlerts(database, { all: false }))[0]?.object, alpha)
})

test('derived sources are neither offered nor vanish, and keep their names', async (t) => {
  const database = await testDatabase(t)
  const builder = new CatalogRows(database)
  const host = await builder.host('alpha')
  const derived = await builder.source(host, 'db:root', { kind: 'derived' })
  await offer(database, host, image('db:root'))
  const all = await rows(database)
  assert.deepEqual(
    all.map(({ name, present }) => ({ name, present })),
    [
      { name: 'db:root', present: true },
      { name: 'db:root~2', present: true },
    ],
  )
  assert.equal(all[0]!.id, derived)
})

test('disks: chunk size fixed at first sight, a size of 0 forgets nothing, changes are told', async (t) => {
  const database = await testDatabase(t)
  const host = await new CatalogRows(database).host('alpha')
  const with_ = (...disks: OfferedDisk[]) => offer(database, host, image('a.raw', { disks }))
  await with_(disk('one'), disk('two', { protectable: false, reason: 'format-unsupported' }))
  await database.query(`UPDATE disk SET chunk_bytes = 65536 WHERE name = 'one'`)
  await with_(disk('one', { sizeBytes: 0 }), disk('two'))
  await with_(disk('one', { sizeBytes: 2 * GIB, path: '/elsewhere' }))
  const disks = await database.query(
    `SELECT name, chunk_bytes, path, size_bytes, protectable, reason, present FROM disk ORDER BY id`,
  )
  assert.deepEqual(disks, [
    {
      name: 'one',
      chunk_bytes: 65536,
      path: '/elsewhere',
      size_bytes: 2 * GIB,
      protectable: true,
      reason: null,
      present: true,
    },
    {
      name: 'two',
      chunk_bytes: 131072,
      path: '/images/two',
      size_bytes: GIB,
      protectable: true,
      reason: null,
      present: false,
    },
  ])
  assert.deepEqual((await kinds(database)).slice(-2), ['disk-size-changed', 'disk-vanished'])
})

test('an unknown host is refused', async (t) => {
  const database = await testDatabase(t)
  await assert.rejects(offer(database, 'host-x', image('a.raw')), { code: 'not-found' })
})

/** As two agents of a cluster tell it, one after the other. */
async function cluster(t: TestContext) {
  const database = await testDatabase(t)
  const catalog = new CatalogRows(database)
  const [alpha, beta] = [await catalog.host('alpha'), await catalog.host('beta')]
  const seen = async (host: string, isOnline = true) =>
    database.query(`UPDATE host SET session = $2, last_seen_at = now() WHERE id = $1`, [
      host,
      isOnline ? 'a session' : null,
    ])
  await seen(alpha)
  await seen(beta)
  const tell = (host: string, powerState: string) =>
    offer(database, host, { ...vm('web', 'uuid-1'), powerState })
  const owner = async () => {
    const [row] = await database.query<{ host: string; rival: string | null }>(
      `SELECT host, rival_host AS rival FROM data_source WHERE uuid = 'uuid-1'`,
    )
    const name = row?.host === alpha ? 'alpha' : 'beta'
    return row?.rival ? `${name}, twice` : name
  }
  return { alpha, beta, tell, owner, seen }
}

test('a VM belongs where it runs, and a host that only declares it changes nothing', async (t) => {
  const { alpha, beta, tell, owner } = await cluster(t)
  await tell(alpha, 'running')
  await tell(beta, 'off')
  assert.equal(await owner(), 'alpha')
  await tell(alpha, 'off')
  await tell(beta, 'off')
  assert.equal(await owner(), 'alpha', 'off at both: nothing moves')
  await tell(beta, 'running')
  assert.equal(await owner(), 'beta')
  await tell(alpha, 'migrating')
  assert.equal(await owner(), 'beta', 'what arrives is not there yet')
  await tell(beta, 'off')
  await tell(alpha, 'running')
  assert.equal(await owner(), 'alpha')
})

test('running twice is told, until only one does; a dead host counts for nothing', async (t) => {
  const { alpha, beta, tell, owner, seen } = await cluster(t)
  await tell(alpha, 'running')
  await tell(beta, 'running')
  assert.equal(await owner(), 'alpha, twice')
  await tell(beta, 'off')
  assert.equal(await owner(), 'alpha')
  await tell(beta, 'running')
  await tell(alpha, 'off')
  await tell(beta, 'running')
  assert.equal(await owner(), 'beta')
  await seen(beta, false)
  await tell(alpha, 'running')
  assert.equal(await owner(), 'alpha', 'the node died, and the VM was started here')
})
