import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AgentChannel } from '../../agent/guest/agent-channel.ts'
import { GuestFailure } from '../../agent/guest/guest-failure.ts'
import { runInGuest } from '../../agent/guest/guest-files.ts'
import { KeptFreeze } from '../../agent/guest/kept-freeze.ts'
import { systemRandom } from '../../core/runtime/random.ts'
import { lacksGuests, makeGuest, startGuest } from './real-guest.ts'

const DEADLINE_MS = 20_000

test('a real guest freezes, its hooks run, and it thaws', async (t) => {
  if (lacksGuests(t)) return
  const vm = startGuest(t, await makeGuest(t, { asks: ['hf.writer'] }))
  const said = await vm.said(/^READY/m)
  assert.match(said, /^WHOLE vda 0$/m)
  assert.match(said, /^WHOLE vdb 0$/m)
  const { agent: path } = vm.sockets

  const freeze = await KeptFreeze.begin(path)
  assert.equal(freeze.frozen.fileSystems, 2)
  assert.deepEqual(freeze.frozen.hooks, { run: true, why: '/etc/hooks/freeze-hook' })
  await freeze.release()

  const inGuest = async (command: string) => {
    const channel = await AgentChannel.open(path, systemRandom)
    try {
      return await runInGuest(channel, '/bin/sh', ['-c', command], DEADLINE_MS)
    } finally {
      channel.close()
    }
  }
  assert.equal(await inGuest('cat /run/hook.log'), 'freeze\nthaw\n')
  const before = Number(await inGuest('wc -l < /mnt/vdb/log'))
  assert.ok(before > 0, 'the writer goes on after the thaw')

  await inGuest('touch /run/hook-fails')
  await assert.rejects(KeptFreeze.begin(path), (error) => {
    assert.ok(error instanceof GuestFailure)
    assert.equal(error.reason, 'refused')
    return true
  })
  const channel = await AgentChannel.open(path, systemRandom)
  assert.equal(await channel.call('guest-fsfreeze-status', {}, DEADLINE_MS), 'thawed')
  channel.close()
})
