import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import test from 'node:test'
import { bytesOf } from '../support/ext-images.ts'
import { Scene, until } from '../support/scene.ts'

const SOURCE = 'alpha/disk.raw'

interface Job {
  readonly id: string
  readonly state: string
}

test('a transfer that is cancelled while it waits for its rate ends, and the next one is whole', async (t) => {
  const scene = await Scene.open(t)
  const { holdfast } = scene
  await writeFile(scene.image('disk.raw'), bytesOf('disk', 8 * 2 ** 20))
  await holdfast.source(SOURCE)
  await holdfast.ok('host', 'throttle', 'alpha', '--rate', '64KiB')
  const creating = scene.create(SOURCE)
  const running = await until('a running job', async () => {
    const { json } = await holdfast.ok<Job[]>('job', 'list', '--state', 'running')
    return json[0]
  })
  await holdfast.ok('job', 'cancel', running.id)
  const ended = await scene.job(running.id, ({ state }) => state !== 'running')
  assert.equal(ended.state, 'cancelled')
  assert.equal((await creating).status, 1)
  await holdfast.ok('host', 'throttle', 'alpha', '--rate', 'none')
  const { id } = await scene.point(SOURCE)
  assert.equal((await scene.verify(id)).status, 0)
})
