import assert from 'node:assert/strict'
import { once } from 'node:events'
import test from 'node:test'
import { FRAME_PREFIX_BYTES, type PushFrameOut } from '../../core/wire/frame.ts'
import { revokeHost } from '../../server/catalog/hosts.ts'
import { REVOCATION_MS } from '../../server/rpc/rpc.ts'
import { codeOf, errorOf, testRpc } from '../support/rpc.ts'

/** Frames for ever, as fast as they are taken. */
async function* endless(): AsyncGenerator<PushFrameOut> {
  yield { open: { job: 'job-1', epoch: 1, transfer: 'transfer-1' } }
  for (let at = 0; ; at++) {
    const records = Buffer.alloc(FRAME_PREFIX_BYTES + 64 * 1024, at & 0xff)
    yield { records }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

test('a revocation cuts feed, upload and download of the host, and no other host’s', async (t) => {
  const started = new EventTarget()
  const server = await testRpc(t, {
    async push(_host, frames) {
      let count = 0
      for await (const frame of frames)
        if ('records' in frame && ++count === 10) started.dispatchEvent(new Event('push'))
      return { committed: true }
    },
    async *pull() {
      for (;;) {
        yield { records: Buffer.alloc(FRAME_PREFIX_BYTES + 1024, 1) }
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    },
  })
  const alpha = await server.enrolled('alpha')
  const beta = await server.enrolled('beta')
  const link = server.link(alpha)
  const signal = new AbortController()

  const drain = async (items: AsyncIterable<unknown>, name: string) => {
    for await (const item of items) if (item) started.dispatchEvent(new Event(name))
  }
  const waits = ['push', 'feed', 'pull', 'beta'].map((name) => once(started, name))
  const push = codeOf(link.push(endless()))
  const feed = codeOf(drain(link.feed({ session: 'session-a' }, signal.signal), 'feed'))
  const pull = codeOf(drain(link.pull({ job: 'job-1' }), 'pull'))
  const other = drain(server.link(beta).feed({ session: 'session-b' }, signal.signal), 'beta')
  await Promise.all(waits)

  await revokeHost(server.database, alpha.hostId, 'somebody')
  assert.deepEqual(await Promise.all([push, feed, pull]), Array(3).fill('host-revoked'))
  assert.ok(REVOCATION_MS < 5_000)
  assert.equal(server.feeds.online(alpha.hostId), false)
  assert.equal(server.feeds.online(beta.hostId), true)

  const again = link.hello({ protocol: 1, session: 'session-a' })
  assert.equal(await codeOf(again), 'host-revoked')
  signal.abort(new Error('over'))
  await assert.rejects(other, /over/)
})

test('a handler learns that the host was revoked, so that it commits nothing', async (t) => {
  let told: unknown
  const entered = Promise.withResolvers<void>()
  const server = await testRpc(t, {
    async push(host, frames) {
      entered.resolve()
      try {
        for await (const frame of frames) assert.ok(frame)
        return { committed: true }
      } finally {
        told = host.signal.reason
      }
    },
  })
  const identity = await server.enrolled('alpha')
  const push = errorOf(server.link(identity).push(endless()))
  await entered.promise
  await revokeHost(server.database, identity.hostId, 'somebody')
  assert.equal((await push).code, 'host-revoked')
  assert.equal((told as { code: string }).code, 'host-revoked')
})
