import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { AgentChannel } from '../../agent/guest/agent-channel.ts'
import { runInGuest } from '../../agent/guest/guest-files.ts'
import { systemRandom } from '../../core/runtime/random.ts'
import { guestDeclaration } from '../../scripts/guest/guest-vm.ts'
import { Scene } from '../support/scene.ts'
import { lacksGuests, makeGuest, startGuest } from './real-guest.ts'

const DEADLINE_MS = 20_000

async function inGuest(path: string, command: string): Promise<string> {
  const channel = await AgentChannel.open(path, systemRandom)
  try {
    return await runInGuest(channel, '/bin/sh', ['-c', command], DEADLINE_MS)
  } finally {
    channel.close()
  }
}

/** A Holdfast that protects one guest, which runs and writes. */
async function guestScene(t: TestContext, asks: readonly string[]) {
  const scene = await Scene.open(t, { hosts: [] })
  const guest = await makeGuest(t, { asks, folder: scene.holdfast.folder })
  const vm = startGuest(t, guest)
  const file = join(scene.holdfast.folder, 'web.yaml')
  await writeFile(file, guestDeclaration(guest.shape, guest.command))
  await vm.ready()
  await scene.holdfast.startAgent('alpha', {}, ['--vm', file])
  await scene.sources('alpha/web')
  return { scene, guest, vm, declaration: file }
}

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
