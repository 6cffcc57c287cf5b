import assert from 'node:assert/strict'
import test from 'node:test'
import { sceneOn, SOURCE, Tracked } from '../e2e/tracked-image.ts'

test('an agent that is killed leaves no clone and no wrong increment', async (t) => {
  const scene = await sceneOn(t, 'xfs')
  if (!scene) return
  const tracked = new Tracked(scene)
  await tracked.begin()
  const points = [
    'agent.before-plan',
    'agent.during-push',
    'agent.before-seal',
    'clone.before-record',
  ]
  for (const [at, name] of points.entries())
    await t.test(name, async () => {
      await tracked.change(20 + at)
      const agent = await scene.restartAgent({ HOLDFAST_FAILPOINTS: `${name}=kill` })
      const { job } = (await scene.create(SOURCE, '--no-wait')).json[0] ?? {}
      await agent.end()
      // What it was read as may still become a point: the image is another by then.
      await tracked.change(40 + at)
      await scene.restartAgent()
      await scene.job(job ?? '', ({ state }) => state !== 'running' && state !== 'queued')
      await tracked.change(60 + at)
      const [mode] = await tracked.take()
      assert.ok(mode === 'tracked' || name === 'clone.before-record', mode)
      assert.equal((await tracked.clones()).length, 1, 'the newest one')
    })
  await tracked.checkAll()
})
