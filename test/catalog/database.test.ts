import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, connect, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { silentLogger } from '../../core/runtime/log.ts'
import { isUniqueViolation, isUnknownOutcome } from '../../server/catalog/database-error.ts'
import { openDatabase, type Database } from '../../server/catalog/database.ts'
import { testDatabase, testDatabaseAt } from '../support/database.ts'

test('numbers are exact or an error, times are dates, bytes are buffers', async (t) => {
  const database = await testDatabase(t)
  const [row] = await database.query(
    `SELECT 9007199254740991::int8 AS big, ARRAY[1, 2^52]::int8[] AS many, sum(x) AS sum,
            '\\x00ff'::bytea AS bytes, '2026-01-02 03:04:05Z'::timestamptz AS at, NULL::int8 AS none
       FROM (VALUES (1::int8), (2)) AS v(x)`,
  )
  assert.deepEqual(row, {
    big: Number.MAX_SAFE_INTEGER,
    many: [1, 2 ** 52],
    sum: 3,
    bytes: Buffer.from([0, 255]),
    at: new Date('2026-01-02T03:04:05Z'),
    none: null,
  })
  await assert.rejects(database.query(`SELECT 9007199254740993::int8 AS big`), /not exact/)
})

test('a transaction commits what its work did, or nothing', async (t) => {
  const database = await testDatabase(t)
  await database.query('CREATE TABLE kept (a int PRIMARY KEY)')
  await database.tx((q) => q.query('INSERT INTO kept VALUES (1)'))
  const mine = new Error('mine')
  await assert.rejects(
    database.tx(async (q) => {
      await q.query('INSERT INTO kept VALUES (2)')
      throw mine
    }),
    mine,
  )
  const violated = database.tx((q) => q.query('INSERT INTO kept VALUES (1)'))
  await assert.rejects(violated, (error) => isUniqueViolation(error, 'kept_pkey'))
  await assert.rejects(
    database.tx(async (q) => {
      await q.query('INSERT INTO kept VALUES (3)')
      await q.query('INSERT INTO kept VALUES (1)').catch(() => {})
    }),
    { code: 'database-failed' },
    'a failure that was swallowed must not look like a commit',
  )
  assert.deepEqual(await database.query('SELECT a FROM kept'), [{ a: 1 }])
})

test('a transaction ends at its time limit, and at an abort, and the connection serves on', async (t) => {
  const database = await testDatabase(t)
  await assert.rejects(
    database.tx((q) => q.query('SELECT pg_sleep(60)'), { timeoutMs: 50 }),
    {
      message: /timeout/,
    },
  )
  const abort = new AbortController()
  const reason = new Error('enough')
  const sleeping = database.tx(
    async (q) => {
      setImmediate(() => abort.abort(reason))
      await q.query('SELECT pg_sleep(60)')
    },
    { signal: abort.signal },
  )
  await assert.rejects(sleeping, reason)
  assert.deepEqual(await database.query('SELECT 1 AS one'), [{ one: 1 }])
})

test('a snapshot reads one state, and writes nothing', async (t) => {
  const database = await testDatabase(t)
  await database.query('CREATE TABLE seen (a int)')
  await database
    .tx(
      async (q) => {
        assert.deepEqual(await q.query('SELECT a FROM seen'), [])
        await database.query('INSERT INTO seen VALUES (1)')
        assert.deepEqual(await q.query('SELECT a FROM seen'), [])
        await assert.rejects(q.query('INSERT INTO seen VALUES (2)'), { code: 'database-failed' })
        await q.query('ROLLBACK')
      },
      { snapshot: true },
    )
    .catch(() => {})
  assert.deepEqual(await database.query('SELECT a FROM seen'), [{ a: 1 }])
})

test('no database is said in words; one that is not durable is refused', async (t) => {
  const url = 'postgresql://nobody@127.0.0.1:1/none'
  const absent = openDatabase({ url, log: silentLogger, startTimeoutMs: 0 })
  await assert.rejects(absent, { code: 'database-unreachable' })
  const { url: careless } = await testDatabaseAt(t)
  const refused = openDatabase({ url: careless, log: silentLogger })
  await assert.rejects(refused, { code: 'database-failed', message: /fsync, full_page_writes/ })
})

test('connections that the server ends are replaced', async (t) => {
  const { database, url } = await testDatabaseAt(t)
  await database.query('SELECT 1')
  const other = await openDatabase({ url, log: silentLogger, durable: false })
  t.after(() => other.close())
  await other.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  )
  for (let attempt = 0; ; attempt++) {
    try {
      assert.deepEqual(await database.query('SELECT 1 AS one'), [{ one: 1 }])
      return
    } catch (error) {
      assert.equal((error as { code: string }).code, 'database-unreachable')
      assert.ok(attempt < 5)
    }
  }
})

/** Between us and the database: cuts the connection when COMMIT passes, before or after it arrives. */
class CuttingProxy {
  readonly #server: Server
  #armed: 'before' | 'after' | undefined

  constructor(target: string) {
    this.#server = createServer((client) => this.#serve(client, connect(target)))
  }

  async listen(path: string): Promise<void> {
    this.#server.listen(path)
    await once(this.#server, 'listening')
  }

  arm(when: 'before' | 'after'): void {
    this.#armed = when
  }

  close(): void {
    this.#server.close()
  }

  #serve(client: Socket, upstream: Socket): void {
    const cut = () => {
      client.destroy()
      upstream.destroy()
    }
    client.on('error', cut).on('close', cut)
    upstream.on('error', cut).on('close', cut)
    let silent = false
    client.on('data', (data) => {
      const when = data.includes('COMMIT\0') ? this.#armed : undefined
      if (when === undefined) return upstream.write(data)
      this.#armed = undefined
      if (when === 'before') return cut()
      silent = true
      upstream.write(data)
      return upstream.once('data', cut)
    })
    upstream.on('data', (data) => {
      if (!silent) client.write(data)
    })
  }
}

async function throughProxy(t: TestContext): Promise<{ database: Database; proxy: CuttingProxy }> {
  const { url } = await testDatabaseAt(t)
  const address = new URL(url)
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-proxy-'))
  const proxy = new CuttingProxy(`${address.searchParams.get('host')}/.s.PGSQL.5432`)
  await proxy.listen(join(folder, '.s.PGSQL.5432'))
  address.searchParams.set('host', folder)
  const database = await openDatabase({ url: address.href, log: silentLogger, durable: false })
  t.after(async () => {
    await database.close()
    proxy.close()
    await rm(folder, { recursive: true })
  })
  return { database, proxy }
}

for (const when of ['before', 'after'] as const)
  test(`a connection cut ${when} COMMIT arrives leaves an outcome that is said to be unknown`, async (t) => {
    const { database, proxy } = await throughProxy(t)
    await database.query('CREATE TABLE kept (a int)')
    proxy.arm(when)
    const cut = database.tx((q) => q.query('INSERT INTO kept VALUES (1)'))
    await assert.rejects(cut, (error) => {
      assert.equal((error as { code: string }).code, 'database-failed')
      return isUnknownOutcome(error)
    })
    const rows = await database.query('SELECT a FROM kept')
    assert.equal(rows.length, when === 'after' ? 1 : 0)
  })
