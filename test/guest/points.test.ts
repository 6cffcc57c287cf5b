import assert from 'node:assert/strict'
import { test } from 'node:test'
import { guestScene, inGuest, lacksGuests } from './real-guest.ts'

test('points of a guest that writes say what they are', async (t) => {
  if (lacksGuests(t)) return
  const { scene, vm } = await guestScene(t, ['hf.writer'])
  const { agent } = vm.sockets

  const first = await scene.point('alpha/web')
  assert.equal(first.consistency, 'application')
  assert.equal(await inGuest(agent, 'cat /run/hook.log'), 'freeze\nthaw\n')

  await inGuest(agent, 'touch /run/hook-fails')
  const refused = await scene.create(
    'alpha/web',
    '--consistency',
    'filesystem',
    '--fallback',
    'fail',
  )
  assert.equal(refused.status, 1)
  assert.equal(refused.json[0]?.error?.code, 'consistency-unreached')
  assert.match(refused.json[0].error.message, /hook/)

  const paused = await scene.point(
    'alpha/web',
    '--consistency',
    'application',
    '--fallback',
    'pause',
  )
  assert.deepEqual([paused.consistency, paused.paused], ['crash', true])
  const [disk] = paused.disks
  assert.equal(disk?.transferMode, 'tracked')

  const crash = await scene.point('alpha/web', '--consistency', 'crash')
  assert.equal(crash.consistency, 'crash')
  const before = Number(await inGuest(agent, 'wc -l < /mnt/vda/log'))
  assert.ok(before > 0)
  await inGuest(agent, 'usleep 500000')
  assert.ok(Number(await inGuest(agent, 'wc -l < /mnt/vda/log')) > before, 'the guest goes on')
})
