import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { silentLogger } from '../../core/runtime/log.ts'
import { startEmbeddedPostgres } from '../../server/postgres/embedded-postgres.ts'
import type { PointAnswer, StartedAnswer } from '../support/answers.ts'
import { Child, type Ended } from '../support/child.ts'
import { Holdfast } from '../support/holdfast.ts'
import { rewriteChunk, writeRawDisk } from '../support/raw-disk.ts'
import { Scene, until } from '../support/scene.ts'

function startWithout(holdfast: Holdfast): Promise<Ended> {
  const args = ['server', 'run', '--data', holdfast.path('other')]
  args.push('--listen', '127.0.0.1:0', '--agents', '127.0.0.1:0')
  const nowhere = `postgresql://postgres@localhost/postgres?host=${holdfast.path('nowhere')}`
  return new Child(args, { DATABASE_URL: nowhere }).end()
}

test('a database that stops and comes back: the server heals, jobs go on', async (t) => {
  const holdfast = await Holdfast.create(t)
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-postgres-'))
  let postgres = await startEmbeddedPostgres({ folder, log: silentLogger })
  t.after(async () => {
    await postgres.stop()
    await rm(folder, { recursive: true })
  })
  const serverEnv = { DATABASE_URL: postgres.url }
  const scene = await Scene.over(holdfast, { serverEnv })
  const image = scene.image('disk.raw')
  await writeRawDisk(image, { chunks: 400, tail: 1536, seed: 1 })
  await scene.sources('alpha/disk.raw')
  // It tries for half a minute: the rest of this test does not wait for it.
  const withoutDatabase = startWithout(holdfast)
  const first = await scene.point('alpha/disk.raw')
  const right = await readFile(image)

  await t.test('while it is away commands say so, and nothing is lost', async () => {
    await postgres.stop()
    const { status, stderr } = await holdfast.run('point', 'list')
    assert.equal(status, 1)
    assert.match(stderr, /database/)
    assert.ok(holdfast.server?.isRunning)
  })
  await t.test('when it is back, so is the server', async () => {
    postgres = await startEmbeddedPostgres({ folder, log: silentLogger })
    const { json } = await holdfast.ok<PointAnswer[]>('point', 'list')
    assert.deepEqual(
      json.map(({ id }) => id),
      [first.id],
    )
  })
  await t.test('it goes away in the middle of a transfer, which goes on by itself', async () => {
    for (let index = 100; index < 200; index++) await rewriteChunk(image, index, 7000 + index)
    await scene.restartAgent({ HOLDFAST_FAILPOINTS: 'agent.before-seal=delay:3000' })
    const asked = holdfast.run<StartedAnswer[]>('point', 'create', 'alpha/disk.raw')
    await until(
      'the failpoint',
      async () =>
        holdfast.agents.get('alpha')?.stderr.includes('failpoint agent.before-seal') || undefined,
    )
    await postgres.stop()
    postgres = await startEmbeddedPostgres({ folder, log: silentLogger })
    const { status, json, stderr } = await asked
    assert.equal(status, 0, stderr)
    const point = json[0]?.point
    assert.ok(point)
    assert.ok((await readFile(await scene.restored(point.id))).equals(await readFile(image)))
    assert.ok((await readFile(await scene.restored(first.id))).equals(right))
    assert.equal((await scene.verify()).status, 0)
  })
  await t.test('a server does not start without one, and says why', async () => {
    const { status, stderr } = await withoutDatabase
    assert.equal(status, 1)
    assert.match(stderr, /error: the database cannot be reached/)
    assert.match(stderr, /hint: /)
  })
})
