import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import test, { after, before, type TestContext } from 'node:test'
import { silentLogger } from '../../core/runtime/log.ts'
import { openDatabase, type Database } from '../../server/catalog/database.ts'
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../server/postgres/embedded-postgres.ts'

// One cluster for the tests that leave it whole: making one takes seconds.
let folder = ''

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-pg-'))
})

after(() => rm(folder, { recursive: true, force: true }))

async function temporaryFolder(t: TestContext): Promise<string> {
  const own = await mkdtemp(join(tmpdir(), 'holdfast-pg-'))
  t.after(() => rm(own, { recursive: true, force: true }))
  return own
}

/** A process that ended but was not reaped counts as gone. */
async function runs(pid: number): Promise<boolean> {
  try {
    return !/^State:\tZ/m.test(await readFile(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

async function start(t: TestContext): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ folder, log: silentLogger })
  t.after(() => postgres.stop())
  return postgres
}

async function open(t: TestContext, postgres: EmbeddedPostgres): Promise<Database> {
  const database = await openDatabase({ url: postgres.url, log: silentLogger })
  t.after(() => database.close())
  return database
}

/** A server process of its own; resolves when its database runs. */
async function startServer(): Promise<{
  url: string
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
}> {
  const script = new URL('./postgres-server.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  return {
    url: line,
    async end(signal) {
      const ended = once(child, 'exit')
      child.kill(signal)
      await ended
    },
  }
}

async function postmasterPid(): Promise<number> {
  return Number.parseInt(await readFile(join(folder, 'data/postmaster.pid'), 'utf8'), 10)
}

test('it is durable, checksummed, on a socket only its owner reaches, and stops cleanly', async () => {
  const postgres = await startEmbeddedPostgres({ folder, log: silentLogger })
  const database = await openDatabase({ url: postgres.url, log: silentLogger })
  const settings = await database.query<{ name: string; setting: string }>(
    `SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes',
       'synchronous_commit', 'data_checksums', 'listen_addresses', 'server_encoding') ORDER BY name`,
  )
  assert.deepEqual(
    settings.map((row) => row.setting),
    ['on', 'on', 'on', '', 'UTF8', 'on'],
  )
  assert.equal((await stat(join(folder, 'socket'))).mode & 0o777, 0o700)
  assert.match(postgres.version, /^\d+\.\d+$/)
  await database.close()
  await postgres.stop()
  await assert.rejects(stat(join(folder, 'data/postmaster.pid')), { code: 'ENOENT' })
})

test('what a killed server left running is stopped, and nothing that was committed is lost', async (t) => {
  const killed = await startServer()
  const before = await openDatabase({ url: killed.url, log: silentLogger })
  await before.query('CREATE TABLE kept AS SELECT 42 AS answer')
  const orphan = await postmasterPid()
  await killed.end('SIGKILL')
  assert.ok(await runs(orphan))
  const database = await open(t, await start(t))
  assert.notEqual(await postmasterPid(), orphan)
  assert.ok(!(await runs(orphan)))
  assert.deepEqual(await database.query('SELECT answer FROM kept'), [{ answer: 42 }])
  await before.close()
})

test('a server that is asked to stop takes its database along', async () => {
  const server = await startServer()
  const postmaster = await postmasterPid()
  await server.end('SIGTERM')
  assert.ok(!(await runs(postmaster)))
})

test('a second server on the same data is refused', async (t) => {
  await start(t)
  await assert.rejects(startEmbeddedPostgres({ folder, log: silentLogger }), {
    code: 'data-folder-in-use',
  })
})

test('a pid file that names a dead or an unrelated process does not stand in the way', async () => {
  const first = await startEmbeddedPostgres({ folder, log: silentLogger })
  const left = await readFile(join(folder, 'data/postmaster.pid'), 'utf8')
  const dead = first.pid!
  await first.stop()
  for (const pid of [dead, process.pid]) {
    await writeFile(join(folder, 'data/postmaster.pid'), left.replace(/^\d+/, String(pid)))
    const again = await startEmbeddedPostgres({ folder, log: silentLogger })
    await again.stop()
  }
})

test('a postmaster that dies is started again, and the connections heal', async (t) => {
  const postgres = await start(t)
  const database = await open(t, postgres)
  await database.query('CREATE TABLE healed AS SELECT 42 AS answer')
  const first = postgres.pid!
  process.kill(first, 'SIGKILL')
  while (postgres.pid === first) await new Promise((resolve) => setTimeout(resolve, 20))
  for (;;) {
    try {
      assert.deepEqual(await database.query('SELECT answer FROM healed'), [{ answer: 42 }])
      return
    } catch (error) {
      assert.equal((error as { code: string }).code, 'database-unreachable')
    }
  }
})

test('a folder too deep for a socket gets a short one elsewhere, and it goes at the end', async (t) => {
  const deep = join(await temporaryFolder(t), 'd'.repeat(100))
  const postgres = await startEmbeddedPostgres({ folder: deep, log: silentLogger })
  const socket = new URL(postgres.url).searchParams.get('host')!
  assert.ok(!socket.startsWith(deep))
  const database = await openDatabase({ url: postgres.url, log: silentLogger })
  await database.close()
  await postgres.stop()
  await assert.rejects(stat(socket), { code: 'ENOENT' })
})

test('an interrupted creation is begun anew; data of another PostgreSQL are refused', async (t) => {
  const own = await temporaryFolder(t)
  await mkdir(join(own, 'data.new/base'), { recursive: true })
  const postgres = await startEmbeddedPostgres({ folder: own, log: silentLogger })
  await postgres.stop()
  for (const [major, code] of [
    ['15', 'version-incompatible'],
    ['99', 'data-folder-newer'],
  ] as const) {
    await writeFile(join(own, 'data/PG_VERSION'), `${major}\n`)
    await assert.rejects(startEmbeddedPostgres({ folder: own, log: silentLogger }), { code })
  }
})
