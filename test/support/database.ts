import { after, type TestContext } from 'node:test'
import { silentLogger } from '../../core/runtime/log.ts'
import { randomId, systemRandom } from '../../core/runtime/random.ts'
import { openDatabase, type Database } from '../../server/catalog/database.ts'
import { migrate } from '../../server/catalog/migrate.ts'
import { startTestPostgres, type TestPostgres } from './test-postgres.ts'

/**
 * A migrated database of its own for a test, cloned from a template and dropped afterwards. One
 * cluster, not durable, serves the whole run: the runner puts its address into
 * HOLDFAST_TEST_POSTGRES; a file run alone starts one and stops it when its tests have ended.
 */
export async function testDatabase(t: TestContext): Promise<Database> {
  const { database } = await testDatabaseAt(t)
  return database
}

/** The same, with the address for further connections. */
export async function testDatabaseAt(t: TestContext): Promise<{ database: Database; url: string }> {
  const cluster = await sharedCluster()
  const name = randomId(systemRandom, 'test').replaceAll('-', '_')
  await cluster.admin.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE} STRATEGY file_copy`)
  const url = addressOf(cluster.url, name)
  const database = await openTest(url)
  t.after(async () => {
    await database.close()
    await cluster.admin.query(`DROP DATABASE ${name} WITH (FORCE)`)
  })
  return { database, url }
}

const TEMPLATE = 'template_holdfast'

interface Cluster {
  readonly url: string
  readonly admin: Database
  /** Absent when the runner started it. */
  readonly own?: TestPostgres
}

let cluster: Promise<Cluster> | undefined

after(async () => {
  const started = await cluster
  await started?.admin.close()
  await started?.own?.stop()
})

function sharedCluster(): Promise<Cluster> {
  cluster ??= prepare()
  return cluster
}

async function prepare(): Promise<Cluster> {
  const given = process.env['HOLDFAST_TEST_POSTGRES']
  const own = given === undefined ? await startTestPostgres() : undefined
  const url = given ?? own?.url ?? ''
  const admin = await openTest(url)
  await prepareTemplate(admin, url)
  return own ? { url, admin, own } : { url, admin }
}

/** The first of several test processes makes the template; the others wait for it. */
async function prepareTemplate(admin: Database, url: string): Promise<void> {
  await admin.tx(async (q) => {
    await q.query('SELECT pg_advisory_xact_lock(7400000002)')
    const found = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [TEMPLATE])
    if (found.length > 0) return
    const unfinished = `${TEMPLATE}_new`
    await admin.query(`DROP DATABASE IF EXISTS ${unfinished}`)
    await admin.query(`CREATE DATABASE ${unfinished}`)
    const template = await openTest(addressOf(url, unfinished))
    await migrate(template)
    await template.query(`INSERT INTO catalog_identity (catalog_id) VALUES ('catalog-test')`)
    await template.close()
    await admin.query(`ALTER DATABASE ${unfinished} RENAME TO ${TEMPLATE}`)
  })
}

function openTest(url: string): Promise<Database> {
  return openDatabase({ url, log: silentLogger, durable: false, maxConnections: 10 })
}

function addressOf(url: string, name: string): string {
  const address = new URL(url)
  address.pathname = `/${name}`
  return address.href
}
