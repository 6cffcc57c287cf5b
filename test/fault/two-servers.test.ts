import assert from 'node:assert/strict'
import { copyFile, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { silentLogger } from '../../core/runtime/log.ts'
import { openDatabase } from '../../server/catalog/database.ts'
import type { PointAnswer, RefusedAnswer, StartedAnswer } from '../support/answers.ts'
import { Child, type Ended } from '../support/child.ts'
import { Holdfast } from '../support/holdfast.ts'
import { ownPostgres } from '../support/own-postgres.ts'
import { rewriteChunk, writeRawDisk } from '../support/raw-disk.ts'
import { Scene, until } from '../support/scene.ts'

const SOURCE = 'alpha/disk.raw'

test('two servers, one catalog and store: one works, the other takes over', async (t) => {
  const holdfast = await Holdfast.create(t)
  const postgres = await ownPostgres(t)
  const env = { DATABASE_URL: postgres }
  const storeArgs = ['--store', holdfast.path('store')]
  const scene = await Scene.over(holdfast, { serverArgs: storeArgs, serverEnv: env })
  const image = scene.image('disk.raw')
  await writeRawDisk(image, { chunks: 60, tail: 1536, seed: 1 })
  await scene.sources(SOURCE)
  const first = await scene.point(SOURCE)

  // What makes a data folder the same server's: decision 0014.
  const standby = holdfast.path('standby')
  await mkdir(standby, { mode: 0o700 })
  for (const name of ['server.json', 'authority.pem'])
    await copyFile(holdfast.path('server', name), join(standby, name))
  const run = (data: string, ...more: string[]) =>
    new Child(['server', 'run', '--json', '--data', data, ...storeArgs, ...more], env)
  const anywhere = ['--listen', '127.0.0.1:0', '--agents', '127.0.0.1:0']

  await t.test('the second is refused while the first runs, and told by whom', async () => {
    const refused = await run(standby, ...anywhere).end()
    checkInUse(refused)
    assert.match(refused.stderr, new RegExp(`process ${holdfast.server?.pid}\\b`))
    assert.equal((await scene.verify()).status, 0, 'which nothing has happened to')
  })

  await t.test('the first is killed in the middle of a job: the second ends it, once', async () => {
    await rewriteChunk(image, 41, 4242)
    await scene.restartAgent({ HOLDFAST_FAILPOINTS: 'agent.before-seal=delay:2000' })
    const args = ['point', 'create', SOURCE, '--no-wait']
    const { json } = await holdfast.ok<StartedAnswer[]>(...args)
    const job = json[0]?.job ?? ''
    await scene.job(job, ({ state }) => state === 'running')
    await holdfast.server?.kill('SIGKILL')
    const second = run(standby, ...holdfast.listenArgs)
    t.after(() => second.kill('SIGTERM'))
    await second.ready()
    await copyFile(join(standby, 'operator.json'), holdfast.path('server', 'operator.json'))
    await scene.job(job, ({ state }) => state === 'completed')
    const points = (await holdfast.ok<PointAnswer[]>('point', 'list')).json
    assert.equal(points.length, 2)
    assert.equal(points.at(-1)?.id, first.id)
    const restored = await readFile(await scene.restored(points[0]?.id ?? ''))
    assert.ok(restored.equals(await readFile(image)))
    assert.equal((await scene.verify()).status, 0)

    checkInUse(await run(holdfast.path('server'), ...anywhere).end())
    await losesTheCatalog(second)
  })

  /** Its connection breaks, and somebody else is faster. */
  async function losesTheCatalog(server: Child): Promise<void> {
    const options = { url: postgres, log: silentLogger }
    const [other, admin] = [await openDatabase(options), await openDatabase(options)]
    const taken = other.query(`SELECT pg_advisory_lock(74, 1)`)
    const pid = `SELECT pid FROM pg_locks WHERE classid = 74 AND objid = 1 AND granted`
    await until('the other waits', async () => {
      const waiting = await admin.query(`SELECT 1 FROM pg_locks WHERE classid = 74 AND NOT granted`)
      return waiting.length > 0 ? true : undefined
    })
    await admin.query(`SELECT pg_terminate_backend((${pid}))`)
    await taken
    const { status, stderr } = await server.end()
    assert.equal(status, 1)
    assert.match(stderr, /error: the catalog is in use by /)
    await other.close()
    await admin.close()
  }
})

function checkInUse({ status, stdout, stderr }: Ended): void {
  assert.equal(status, 1, stderr)
  const { error } = JSON.parse(stdout) as RefusedAnswer
  assert.equal(error.code, 'catalog-in-use', stdout)
  assert.match(error.hint ?? '', /Stop that server/)
}
