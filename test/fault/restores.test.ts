import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { open, readdir, readFile } from 'node:fs/promises'
import test from 'node:test'
import type { JobAnswer, RestoreAnswer } from '../support/answers.ts'
import { CHUNK, rewriteChunk, writeRawDisk } from '../support/raw-disk.ts'
import { Scene, until } from '../support/scene.ts'

const SOURCE = 'alpha/disk.raw'

test('restores that are refused, cancelled or killed leave all as it was', async (t) => {
  const scene = await Scene.open(t)
  const { holdfast } = scene
  const image = scene.image('disk.raw')
  await writeRawDisk(image, { chunks: 60, tail: 1536, seed: 1 })
  await scene.sources(SOURCE)
  const point = await scene.point(SOURCE)
  const right = await readFile(image)
  const change = async () => {
    await rewriteChunk(image, 16, 99)
    return readFile(image)
  }
  const now = await change()
  const original = ['restore', point.id, '--original', '--yes']

  await t.test('a plan does nothing', async () => {
    const folder = scene.restoreFolder()
    await holdfast.ok(...original, '--plan')
    await holdfast.ok('restore', point.id, '--to', 'alpha', '--path', folder, '--plan')
    assert.ok(!existsSync(folder))
    assert.ok((await readFile(image)).equals(now))
  })
  await t.test('the original, while something has it open', async () => {
    const handle = await open(image, 'r+')
    const refused = await holdfast.run<RestoreAnswer>(...original)
    assert.equal(refused.status, 1)
    assert.equal(refused.json.error?.code, 'target-in-use')
    assert.ok(refused.json.error.message.includes(String(process.pid)), 'it names who')
    assert.match(refused.stderr, /--even-if-open/)
    assert.ok((await readFile(image)).equals(now))
    await holdfast.ok(...original, '--even-if-open')
    assert.ok((await readFile(image)).equals(right))
    await handle.close()
  })
  await t.test('outside of where the agent allows', async () => {
    const where = ['--to', 'alpha', '--path', holdfast.path('nowhere'), '--yes']
    const { status, json } = await holdfast.run<RestoreAnswer>('restore', point.id, ...where)
    assert.equal(status, 1)
    assert.equal(json.error?.code, 'target-refused')
    assert.ok(!existsSync(holdfast.path('nowhere')))
  })
  await t.test('cancelled, elsewhere and in place', async () => {
    const before = await change()
    const folder = scene.restoreFolder()
    await cancelled(scene, ['restore', point.id, '--to', 'alpha', '--path', folder, '--yes'])
    assert.ok(!existsSync(folder), 'not even the folder is left')
    await cancelled(scene, original)
    assert.ok((await readFile(image)).equals(before))
    await checkNoRest(scene)
  })
  await t.test('with a bandwidth limit', async () => {
    const file = await scene.restored(point.id, ['--rate', '50MiB'])
    assert.ok((await readFile(file)).equals(right))
  })
  for (const failpoint of ['restore.before-swap', 'restore.after-swap'])
    await t.test(`killed at ${failpoint}: done all the same once the agent is back`, async () => {
      await change()
      const agent = await scene.restartAgent({ HOLDFAST_FAILPOINTS: `${failpoint}=kill` })
      const asked = holdfast.run<RestoreAnswer>(...original)
      assert.equal((await agent.end()).signal, 'SIGKILL')
      const found = await readFile(image)
      assert.ok(found.equals(now) || found.equals(right), 'whole, whichever of the two')
      await scene.restartAgent()
      const { status, stderr } = await asked
      assert.equal(status, 0, stderr)
      assert.ok((await readFile(image)).equals(right))
      await checkNoRest(scene)
    })
})

/** Cancels a restore once bytes of it have been written. */
async function cancelled(scene: Scene, args: readonly string[]): Promise<void> {
  const { holdfast } = scene
  const started = await holdfast.ok<RestoreAnswer>(...args, '--rate', '256KiB', '--no-wait')
  const { job } = started.json
  await scene.job(job, ({ progress }) => progress.doneBytes > 4 * CHUNK)
  await holdfast.ok('job', 'cancel', job)
  const { state } = await scene.job(job, (one) => one.state !== 'running')
  assert.equal(state, 'cancelled')
  await until('the agent to clean up', async () => (await rests(scene)).length === 0 || undefined)
}

async function checkNoRest(scene: Scene): Promise<void> {
  assert.deepEqual(await rests(scene), [])
  const jobs = await scene.holdfast.ok<JobAnswer[]>('job', 'list')
  assert.ok(jobs.json.every(({ state }) => state !== 'running' && state !== 'queued'))
}

async function rests(scene: Scene): Promise<string[]> {
  const names = await readdir(scene.holdfast.folder, { recursive: true })
  return names.filter((name) => name.includes('.holdfast-'))
}
