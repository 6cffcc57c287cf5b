import assert from 'node:assert/strict'
import { copyFile, mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { silentLogger } from '../../core/runtime/log.ts'
import { openDatabase } from '../../server/catalog/database.ts'
import type { PointAnswer, StartedAnswer } from '../support/answers.ts'
import { LOCK_FILE } from '../../server/store/store-layout.ts'
import { Child } from '../support/child.ts'
import { Holdfast } from '../support/holdfast.ts'
import { ownPostgres } from '../support/own-postgres.ts'
import { rewriteChunk, writeRawDisk } from '../support/raw-disk.ts'
import { Scene, until } from '../support/scene.ts'

const SOURCE = 'alpha/disk.raw'

/** Stopped, as a machine that is suspended is: it knows nothing of the time that went by. */
test('who sleeps while another takes over is refused afterwards', async (t) => {
  const holdfast = await Holdfast.create(t)
  const postgres = await ownPostgres(t)
  const env = { DATABASE_URL: postgres }
  const storeArgs = ['--store', holdfast.path('store')]
  const scene = await Scene.over(holdfast, { serverArgs: storeArgs, serverEnv: env })
  const image = scene.image('disk.raw')
  await writeRawDisk(image, { chunks: 40, tail: 1536, seed: 1 })
  await scene.sources(SOURCE)
  await scene.point(SOURCE)

  /** A job that is under way, and waits before its end. */
  const begin = async (seed: number) => {
    await rewriteChunk(image, 7, seed)
    await scene.restartAgent({ HOLDFAST_FAILPOINTS: 'agent.before-seal=delay:3000' })
    const { json } = await holdfast.ok<StartedAnswer[]>('point', 'create', SOURCE, '--no-wait')
    const job = json[0]?.job ?? ''
    await until('the failpoint', async () => {
      const { stderr } = holdfast.agents.get('alpha')!
      return stderr.includes('failpoint agent.before-seal') || undefined
    })
    return job
  }
  const newestIsRight = async () => {
    const points = (await holdfast.ok<PointAnswer[]>('point', 'list')).json
    const restored = await readFile(await scene.restored(points[0]?.id ?? ''))
    assert.ok(restored.equals(await readFile(image)))
    assert.equal((await scene.verify()).status, 0)
    return points.length
  }

  await t.test('an agent: its job waits for it, never running, and is done anew', async () => {
    const job = await begin(100)
    const agent = holdfast.agents.get('alpha')!
    process.kill(agent.pid, 'SIGSTOP')
    await scene.job(job, ({ state }) => state === 'queued')
    process.kill(agent.pid, 'SIGCONT')
    const ended = await scene.job(job, ({ state }) => state === 'completed')
    assert.equal(ended.error, null)
    assert.equal(await newestIsRight(), 2, 'once')
  })

  await t.test(
    'a server: another has the catalog and the job; it ends, and changed nothing',
    async () => {
      const job = await begin(200)
      const first = holdfast.server!
      process.kill(first.pid, 'SIGSTOP')
      await cutConnections()
      // Another machine would not see the sleeper's process, and so not respect its lock of the volume.
      await rm(join(holdfast.path('store'), LOCK_FILE))
      const standby = holdfast.path('standby')
      await mkdir(standby, { mode: 0o700 })
      for (const name of ['server.json', 'authority.pem'])
        await copyFile(holdfast.path('server', name), join(standby, name))
      const args = ['server', 'run', '--json', '--data', standby, ...storeArgs]
      const second = new Child([...args, '--listen', '127.0.0.1:0', '--agents', '127.0.0.1:0'], env)
      t.after(() => second.kill('SIGTERM'))
      await second.ready()
      const ask = async (...command: string[]) => {
        const operator = join(standby, 'operator.json')
        const { stdout } = await new Child([...command, '--json', '--operator', operator]).end()
        return JSON.parse(stdout) as unknown
      }
      const { state } = (await ask('job', 'show', job)) as { state: string }
      assert.equal(state, 'queued', 'it is the second that has it now')
      process.kill(first.pid, 'SIGCONT')
      const { status, stderr } = await first.end()
      assert.equal(status, 1)
      assert.match(stderr, /error: the catalog is in use by /)
      const points = (await ask('point', 'list')) as PointAnswer[]
      assert.equal(points.length, 2, 'what the agent still sent to the first became nothing')
      await second.kill('SIGTERM')
      await holdfast.startServer(env, storeArgs)
      await scene.job(job, (seen) => seen.state === 'completed')
      assert.equal(await newestIsRight(), 3)
    },
  )

  /** As when the machine is gone from the network: PostgreSQL lets go of everything that it held. */
  async function cutConnections(): Promise<void> {
    const admin = await openDatabase({ url: postgres, log: silentLogger })
    await admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`,
    )
    await admin.close()
  }
})
