import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { suite, test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { setTimeout as wait } from 'node:timers/promises'
import { KeptFreeze, thawGuest } from '../../agent/guest/kept-freeze.ts'
import { GuestFailure, type GuestFailureReason } from '../../agent/guest/guest-failure.ts'
import { until } from '../support/scene.ts'
import { FakeAgent, linuxGuest, notFound } from './fake-agent.ts'

const FREEZE = 'guest-fsfreeze-freeze'
const THAW = 'guest-fsfreeze-thaw'

function failsAs(reason: GuestFailureReason, text: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof GuestFailure, String(error))
    assert.equal(error.reason, reason, error.message)
    assert.match(error.message, text)
    return true
  }
}

/** The process that keeps the freeze of this socket. */
async function keeperOf(path: string): Promise<number> {
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (command.includes('freeze-keeper') && command.includes(path)) return Number(pid)
  }
  throw new Error('there is no keeper')
}

suite('a guest that is asked to hold still', { concurrency: true }, () => {
  test('is frozen until it is let go', async (t) => {
    const agent = await FakeAgent.start(t)
    const freeze = await KeptFreeze.begin(agent.path)
    assert.equal(agent.isFrozen, true)
    assert.equal(freeze.frozen.fileSystems, 2)
    assert.equal(freeze.frozen.hooks.run, false)
    await freeze.release()
    assert.equal(agent.isFrozen, false)
  })

  test('has leftovers of earlier answers in its channel', async (t) => {
    const agent = await FakeAgent.start(t)
    const torn = Buffer.concat([Buffer.from('{"return": 12'), Buffer.from([0xff])])
    const others = '{"return": 7}\n{"error":{"class":"GenericError","desc":"stray"}}\nno JSON\n'
    agent.greeting = Buffer.concat([torn, Buffer.from(others)])
    const freeze = await KeptFreeze.begin(agent.path)
    assert.equal(freeze.frozen.fileSystems, 2)
    await freeze.release()
  })

  test('has no guest agent', async () => {
    await assert.rejects(
      KeptFreeze.begin('/nowhere/agent.sock'),
      failsAs('not-installed', /no guest agent/),
    )
  })

  test('has a channel that nobody reads', async (t) => {
    const agent = await FakeAgent.start(t, { 'guest-sync-delimited': () => undefined })
    await assert.rejects(KeptFreeze.begin(agent.path), failsAs('not-responding', /in time/))
    assert.ok(!agent.heard.includes(FREEZE), 'a freeze that nobody would end was never sent')
  })

  test('answers with garbage', async (t) => {
    const agent = await FakeAgent.start(t, {
      [FREEZE]: (self) => (self.freeze(), { nonsense: 1 }) as never,
    })
    await assert.rejects(KeptFreeze.begin(agent.path), failsAs('not-responding', /nonsense/))
    await until('the thaw', async () => (agent.isFrozen ? undefined : true))
  })

  test('does not allow a freeze', async (t) => {
    const agent = await FakeAgent.start(t, {
      [FREEZE]: () => ({
        error: { class: 'CommandNotFound', desc: `${FREEZE} has been disabled` },
      }),
    })
    await assert.rejects(KeptFreeze.begin(agent.path), failsAs('disabled', /disabled/))
  })

  test('refuses, because a hook failed', async (t) => {
    const agent = await FakeAgent.start(t, {
      [FREEZE]: () => ({
        error: { class: 'GenericError', desc: 'fsfreeze hook has failed with status 1' },
      }),
    })
    await assert.rejects(KeptFreeze.begin(agent.path), failsAs('refused', /hook has failed/))
    assert.ok(agent.heard.includes(THAW), 'a half-done freeze is taken back')
  })

  test('freezes nothing, or was frozen by somebody else', async (t) => {
    const nothing = await FakeAgent.start(t, { [FREEZE]: () => ({ return: 0 }) })
    await assert.rejects(
      KeptFreeze.begin(nothing.path),
      failsAs('refused', /none of its file systems/),
    )
    const others = await FakeAgent.start(t)
    others.freeze()
    await assert.rejects(KeptFreeze.begin(others.path), failsAs('refused', /by somebody else/))
    assert.ok(!others.heard.includes(THAW), "another's freeze is not ended")
  })

  test('thaws by itself, as Windows does after ten seconds', async (t) => {
    const agent = await FakeAgent.start(t)
    const freeze = await KeptFreeze.begin(agent.path)
    agent.thaw()
    await assert.rejects(freeze.release(), failsAs('refused', /too early/))
  })

  test('hangs in its freeze, and freezes long after anybody waits', async (t) => {
    let wake: () => void = () => {}
    const woken = new Promise<void>((resolve) => (wake = resolve))
    const agent = await FakeAgent.start(t, {
      [FREEZE]: async (self) => {
        await woken
        return self.freeze()
      },
    })
    await assert.rejects(KeptFreeze.begin(agent.path), failsAs('not-responding', /in time/))
    wake()
    await until('the thaw after it', async () =>
      agent.thawedAt > agent.frozenAt ? true : undefined,
    )
    assert.equal(agent.isFrozen, false)
  })

  test('loses the thaw that it was told meanwhile, and freezes after it', async (t) => {
    let isDeaf = true
    const agent = await FakeAgent.start(t, {
      [FREEZE]: () => undefined,
      [THAW]: (self) => (isDeaf ? undefined : self.thaw()),
    })
    await assert.rejects(KeptFreeze.begin(agent.path), failsAs('not-responding', /in time/))
    assert.ok(agent.heard.includes(THAW))
    agent.freeze()
    isDeaf = false
    await until('the thaw that is owed', async () => (agent.isFrozen ? undefined : true))
  })

  test('is thawed by its keeper when nobody lets it go', async (t) => {
    const agent = await FakeAgent.start(t)
    const freeze = await KeptFreeze.begin(agent.path)
    await until('the thaw', async () => (agent.isFrozen ? undefined : true))
    await assert.rejects(freeze.release(), failsAs('refused', /the freeze ended too early/))
  })

  test('says for ever that it is frozen', async (t) => {
    const agent = await FakeAgent.start(t, { [THAW]: () => ({ return: 2 }) })
    const freeze = await KeptFreeze.begin(agent.path)
    await assert.rejects(freeze.release(), failsAs('refused', /still frozen/))
  })

  test('loses the process that keeps its freeze', async (t) => {
    const agent = await FakeAgent.start(t)
    const freeze = await KeptFreeze.begin(agent.path)
    process.kill(await keeperOf(agent.path), 'SIGKILL')
    await freeze.release()
    assert.equal(agent.isFrozen, false)
  })

  test('loses the agent itself', async (t) => {
    const agent = await FakeAgent.start(t)
    const child = await frozenChild(t, agent)
    child.kill('SIGKILL')
    await until('the thaw', async () => (agent.isFrozen ? undefined : true))
  })

  test('loses both: the next start thaws it', async (t) => {
    const agent = await FakeAgent.start(t)
    const child = await frozenChild(t, agent)
    process.kill(await keeperOf(agent.path), 'SIGKILL')
    child.kill('SIGKILL')
    await wait(200)
    assert.equal(agent.isFrozen, true)
    assert.deepEqual(await thawGuest(agent.path), { fileSystems: 2 })
    assert.equal(agent.isFrozen, false)
  })
})

suite('whether hooks run in the guest', { concurrency: true }, () => {
  const hooksOf = async (t: TestContext, behaviour: Parameters<typeof FakeAgent.start>[1]) => {
    const agent = await FakeAgent.start(t, behaviour)
    const freeze = await KeptFreeze.begin(agent.path)
    await freeze.release()
    return freeze.frozen.hooks
  }

  test('shows in the command line of its guest agent', async (t) => {
    const with_ = await hooksOf(
      t,
      linuxGuest(['qemu-ga', '-F/etc/hooks/mine'], '#!/bin/sh\nmine\n'),
    )
    assert.deepEqual(with_, { run: true, why: '/etc/hooks/mine' })
    const without = await hooksOf(t, linuxGuest(['qemu-ga', '-m', 'virtio-serial'], ''))
    assert.equal(without.run, false)
  })

  test("is not so where the distribution's own hook has nothing to run", async (t) => {
    const guest = (files: string) => ({
      ...linuxGuest(['qemu-ga', '--fsfreeze-hook'], 'for f in /etc/qemu/fsfreeze-hook.d/*'),
      'guest-exec': () => ({ return: { pid: 5 } }),
      'guest-exec-status': () => ({
        return: { exited: true, 'out-data': Buffer.from(files).toString('base64') },
      }),
    })
    assert.equal((await hooksOf(t, guest('mysql.sh.sample\n'))).run, false)
    assert.equal((await hooksOf(t, guest('mysql.sh\n'))).run, true)
    const unseen = { ...guest(''), 'guest-exec': () => notFound('guest-exec') }
    assert.match((await hooksOf(t, unseen)).why, /cannot be seen/)
  })

  test('is so on Windows', async (t) => {
    const windows = { 'guest-get-osinfo': () => ({ return: { id: 'mswindows' } }) }
    assert.equal((await hooksOf(t, windows)).run, true)
  })
})

async function frozenChild(t: TestContext, agent: FakeAgent) {
  const file = fileURLToPath(new URL('./freezing-child.ts', import.meta.url))
  const node = ['--disable-warning=ExperimentalWarning', file, agent.path]
  const child = spawn(process.execPath, node, { stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  assert.equal(agent.isFrozen, true)
  return child
}
