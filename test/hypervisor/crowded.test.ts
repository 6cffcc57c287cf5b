import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { AgentChannel } from '../../agent/guest/agent-channel.ts'
import { GuestFailure } from '../../agent/guest/guest-failure.ts'
import { Monitors } from '../../agent/hypervisor/monitors.ts'
import { isVmRunning } from '../../agent/recovery/stop-vm.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { systemClock } from '../../core/runtime/clock.ts'
import { systemRandom } from '../../core/runtime/random.ts'
import { CrowdedSocket } from '../support/crowded-socket.ts'

suite('a socket in whose queue too many wait', { concurrency: true }, () => {
  test('is that of a VM that runs: its disks are not taken for those of one that is off', async (t) => {
    const { path } = await CrowdedSocket.start(t)
    const vm = { name: 'web', qmp: path }
    await assert.rejects(
      isVmRunning({ monitors: new Monitors(), clock: systemClock }, vm),
      (error) => error instanceof HoldfastError && error.code === 'vm-busy',
    )
  })

  test('is tried again for the guest agent, which answers when the others have gone', async (t) => {
    const crowded = await CrowdedSocket.start(t)
    const opening = AgentChannel.open(crowded.path, systemRandom)
    await wait(200)
    crowded.goOn()
    const channel = await opening
    t.after(() => channel.close())
    assert.deepEqual(await channel.call('guest-ping', {}, 10_000), {})
  })

  test('is a guest agent that does not respond, and not an absent one, when they stay', async (t) => {
    const { path } = await CrowdedSocket.start(t)
    await assert.rejects(
      AgentChannel.open(path, systemRandom),
      (error) => error instanceof GuestFailure && error.reason === 'not-responding',
    )
  })
})
