import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import test from 'node:test'
import type { PointAnswer } from '../support/answers.ts'
import { guestContent } from '../support/images.ts'
import { lacksTool } from '../support/needs.ts'
import { Scene } from '../support/scene.ts'
import { StorageDaemon } from '../support/storage-daemon.ts'
import { leftovers } from './vm-state.ts'

const GRANULE = 65_536
const SIZE = 8 * 2 ** 20

/** Each is a moment at which one side knows that the version is committed, and the other does not. */
test('whoever dies around the commit: the right bitmap counts afterwards', async (t) => {
  if (lacksTool(t, 'qemu-storage-daemon')) return
  const scene = await Scene.open(t, { hosts: [] })
  const { holdfast } = scene
  const vm = await StorageDaemon.start(t, holdfast.folder, 'web', [
    { name: 'vda', format: 'qcow2', sizeBytes: SIZE },
  ])
  const args = ['--vm', await vm.declare()]
  await holdfast.startAgent('alpha', {}, args)
  await scene.sources('alpha/web')
  const guest = await vm.guest('vda')
  await guest.write(0, guestContent('first', 4 * 2 ** 20))
  await scene.point('alpha/web')
  let written = 0
  const change = () => guest.write(written++ * 2 * GRANULE, guestContent(`w${written}`, 900))

  const restart = {
    agent: async (env: Record<string, string>) => {
      await holdfast.agents.get('alpha')?.kill('SIGTERM')
      return holdfast.startAgent('alpha', env, args)
    },
    server: async (env: Record<string, string>) => {
      await holdfast.server?.kill('SIGTERM')
      return holdfast.startServer(env)
    },
  }
  for (const [who, failpoint] of [
    ['server', 'commit.before-transaction'],
    ['server', 'commit.after-transaction'],
    ['agent', 'agent.during-push'],
    ['agent', 'agent.after-receipt'],
  ] as const)
    await t.test(`${who} at ${failpoint}`, async () => {
      await change()
      const victim = await restart[who]({ HOLDFAST_FAILPOINTS: `${failpoint}=kill` })
      const asked = holdfast.run('point', 'create', 'alpha/web')
      assert.equal((await victim.end()).signal, 'SIGKILL')
      await change()
      await restart[who]({})
      await asked
      await change()
      const point: PointAnswer = await scene.point('alpha/web')
      assert.deepEqual(
        point.disks.map(({ transferMode, transferReason }) => [transferMode, transferReason]),
        [['tracked', null]],
      )
      const expected = await vm.guestBytes('vda')
      const file = await scene.restored(point.id, ['--format', 'raw'])
      assert.ok((await readFile(file)).equals(expected), 'as the disk is')
      assert.deepEqual(await leftovers(vm), [])
    })
  await guest.close()
})
