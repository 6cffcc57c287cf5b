import assert from 'node:assert/strict'
import test from 'node:test'
import { FRAME_PREFIX_BYTES } from '../../core/wire/frame.ts'
import type { PushFrameOut } from '../../core/wire/frame.ts'
import { KEEPALIVE } from '../../core/wire/options.ts'
import { IDLE_FRAME, withIdle } from '../../core/wire/idle.ts'
import { systemClock } from '../../core/runtime/clock.ts'
import { codeOf } from '../support/rpc.ts'
import { slowProxy } from '../support/slow-proxy.ts'
import { wireServer } from '../support/wire-server.ts'

const QUICK = { timeMs: 300, timeoutMs: 300 }

test('a dead peer is found within 30 s', () => {
  assert.ok(KEEPALIVE.timeMs + KEEPALIVE.timeoutMs < 30_000)
})

test('both ends find out when the network between them falls silent', async (t) => {
  const serverSide = Promise.withResolvers<string>()
  const entered = Promise.withResolvers<void>()
  const server = await wireServer(
    t,
    {
      async push(incoming) {
        const reading = (async () => {
          for await (const frame of incoming) if (frame) entered.resolve()
        })()
        serverSide.resolve(await codeOf(reading))
        return {}
      },
    },
    { keepalive: QUICK },
  )
  const proxy = await slowProxy(t, server.address, 0)
  const silent = (async function* (): AsyncGenerator<PushFrameOut> {
    yield { records: Buffer.alloc(FRAME_PREFIX_BYTES + 1000, 1) }
    await new Promise(() => {})
  })()
  const clientSide = codeOf(server.link(proxy.address, QUICK).push(silent))
  await entered.promise
  proxy.freeze()
  assert.equal(await clientSide, 'server-unreachable')
  assert.equal(await serverSide.promise, 'job-interrupted')
  while (server.calls.owners.length > 0) await new Promise((resolve) => setTimeout(resolve, 10))
})

test('an upload on which nothing moves is given up as stalled', async (t) => {
  const serverSide = Promise.withResolvers<string>()
  const server = await wireServer(
    t,
    {
      async push(incoming) {
        const reading = (async () => {
          for await (const frame of incoming) assert.ok(frame)
        })()
        const code = await codeOf(reading)
        serverSide.resolve(code)
        await reading
        return {}
      },
    },
    { stallMs: 200 },
  )
  const silent = (async function* (): AsyncGenerator<PushFrameOut> {
    yield { records: Buffer.alloc(FRAME_PREFIX_BYTES + 1000, 1) }
    await new Promise(() => {})
  })()
  const push = codeOf(server.link().push(silent))
  assert.equal(await serverSide.promise, 'stalled')
  assert.equal(await push, 'stalled')
})

test('a silent source is filled with idle frames, and loses none of its own', async () => {
  const waits = [0, 60, 0, 0, 90]
  async function* slow(): AsyncGenerator<PushFrameOut> {
    for (const [at, ms] of waits.entries()) {
      await systemClock.sleep(ms)
      yield { open: { job: `job-${at}`, epoch: at } }
    }
  }
  const seen: string[] = []
  let idle = 0
  for await (const frame of withIdle(slow(), systemClock, IDLE_FRAME, 10)) {
    if ('open' in frame) seen.push(frame.open.job ?? '')
    else idle++
  }
  assert.deepEqual(seen, ['job-0', 'job-1', 'job-2', 'job-3', 'job-4'])
  assert.ok(idle > 0)
})
