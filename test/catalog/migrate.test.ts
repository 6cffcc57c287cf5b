import assert from 'node:assert/strict'
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import test, { type TestContext } from 'node:test'
import { migrate } from '../../server/catalog/migrate.ts'
import { dumpSchema } from '../../server/catalog/schema-dump.ts'
import { testDatabase } from '../support/database.ts'

const MIGRATIONS = new URL('../../server/catalog/migrations/', import.meta.url)
const GOLDEN = new URL('../../server/catalog/schema.sql', import.meta.url)

/** A copy of the released migrations, to change. */
async function migrations(t: TestContext): Promise<{ folder: URL; add: AddFile }> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-migrations-'))
  t.after(() => rm(folder, { recursive: true }))
  for (const name of await readdir(MIGRATIONS))
    await copyFile(join(fileURLToPath(MIGRATIONS), name), join(folder, name))
  return {
    folder: pathToFileURL(`${folder}/`),
    add: (name, sql) => writeFile(join(folder, name), sql),
  }
}

type AddFile = (name: string, sql: string) => Promise<void>

test('the schema is the golden one; HOLDFAST_UPDATE_GOLDEN=1 writes it', async (t) => {
  const database = await testDatabase(t)
  const schema = await dumpSchema(database)
  if (process.env['HOLDFAST_UPDATE_GOLDEN'] === '1') await writeFile(GOLDEN, schema)
  assert.equal(schema, await readFile(GOLDEN, 'utf8'))
})

test('a migrated catalog needs nothing more', async (t) => {
  assert.deepEqual(await migrate(await testDatabase(t)), [])
})

test('missing migrations are applied in order, by one of several servers', async (t) => {
  const database = await testDatabase(t)
  const { folder, add } = await migrations(t)
  await add('9001_first.sql', 'CREATE TABLE added (a int); INSERT INTO added VALUES (1);')
  await add(
    '9002_second.sql',
    '-- two statements\nALTER TABLE added ADD b int; UPDATE added SET b = 2;',
  )
  const applied = await Promise.all([migrate(database, folder), migrate(database, folder)])
  assert.deepEqual(applied.flat(), [9001, 9002])
  assert.deepEqual(await database.query('SELECT * FROM added'), [{ a: 1, b: 2 }])
})

test('a migration that fails leaves the catalog as it was', async (t) => {
  const database = await testDatabase(t)
  const { folder, add } = await migrations(t)
  await add('9001_fine.sql', 'CREATE TABLE fine (a int);')
  await add('9002_wrong.sql', 'CREATE TABLE wrong (a nonsense);')
  await assert.rejects(migrate(database, folder), { code: 'database-failed' })
  assert.deepEqual(await database.query(`SELECT to_regclass('fine') AS fine`), [{ fine: null }])
  assert.deepEqual(await migrate(database), [])
})

test('a catalog of a newer version is refused, and so is a changed migration', async (t) => {
  const database = await testDatabase(t)
  const { folder, add } = await migrations(t)
  await add('9001_newer.sql', 'SELECT 1;')
  await migrate(database, folder)
  await assert.rejects(migrate(database), { code: 'data-folder-newer', message: /9001_newer/ })
  await add('9001_newer.sql', 'SELECT 2;')
  await assert.rejects(migrate(database, folder), { code: 'catalog-inconsistent' })
})
