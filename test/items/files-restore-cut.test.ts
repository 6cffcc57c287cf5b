import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { bytesOf, makeExt } from '../support/ext-images.ts'
import { temporaryFolder } from '../support/images.ts'
import { Scene } from '../support/scene.ts'

interface Restored {
  readonly job: string
  readonly restored: number
  readonly skipped: number
}

const NAMES = ['a', 'b', 'c', 'd']
const BYTES = 700_001

const hasEnded = ({ state }: { state: string }) => state !== 'queued' && state !== 'running'

test('a recovery of files that is cut: goes on, or leaves what is whole', async (t) => {
  const folder = await temporaryFolder(t)
  await mkdir(join(folder, 'tree/data'), { recursive: true })
  for (const name of NAMES) await writeFile(join(folder, 'tree/data', name), bytesOf(name, BYTES))
  const scene = await Scene.open(t)
  const { holdfast } = scene
  await makeExt(scene.image('disk.raw'), 'ext4', join(folder, 'tree'))
  await holdfast.source('alpha/disk.raw')
  const { id } = await scene.point('alpha/disk.raw')

  const start = async (target: string, ...more: string[]) => {
    const args = ['files', 'restore', id, '/data', '--to', `alpha:${target}`, ...more]
    return (await holdfast.ok<Restored>(...args)).json
  }
  /** Until about half of it is there. */
  const half = async (target: string) => {
    const { job } = await start(target, '--no-wait', '--rate', '500KiB')
    await scene.job(job, ({ progress }) => (progress?.doneBytes ?? 0) > BYTES * 1.5)
    return job
  }
  const requireWhole = async (target: string) => {
    assert.deepEqual(await readdir(target), ['data'], 'nothing half is left')
    const names = await readdir(join(target, 'data'))
    for (const name of names)
      assert.ok((await readFile(join(target, 'data', name))).equals(bytesOf(name, BYTES)), name)
    return names.sort()
  }

  await t.test('the server is started anew: it goes on where it stood', async () => {
    const target = scene.restoreFolder()
    const job = await half(target)
    await scene.restartServer({}, 'SIGKILL')
    const ended = await scene.job(job, hasEnded)
    assert.equal(ended.state, 'completed', JSON.stringify(ended))
    assert.deepEqual(await requireWhole(target), NAMES)
  })

  await t.test('it is cancelled', async () => {
    const target = scene.restoreFolder()
    const job = await half(target)
    await holdfast.ok('job', 'cancel', job)
    const ended = await scene.job(job, hasEnded)
    assert.equal(ended.state, 'cancelled')
    assert.ok((await requireWhole(target)).length < NAMES.length)
  })

  await t.test('the agent is killed: the job fails, and says how to get the rest', async () => {
    const target = scene.restoreFolder()
    const job = await half(target)
    await scene.restartAgent({}, 'SIGKILL')
    const ended = await scene.job(job, hasEnded)
    assert.equal(ended.state, 'failed')
    assert.equal(ended.error?.code, 'job-interrupted')
    const before = await requireWhole(target)
    const rest = await start(target, '--on-conflict', 'skip')
    assert.equal(rest.skipped, before.length)
    assert.deepEqual(await requireWhole(target), NAMES)
  })
})
