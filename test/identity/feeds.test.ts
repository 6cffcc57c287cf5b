import assert from 'node:assert/strict'
import test from 'node:test'
import type { Work__Output } from '../../core/wire/generated/holdfast/v1/Work.ts'
import { listEvents } from '../../server/catalog/events.ts'
import { getHost } from '../../server/catalog/hosts-view.ts'
import { codeOf, errorOf, testRpc, type TestRpc } from '../support/rpc.ts'

function iterate<T>(items: AsyncIterable<T>): AsyncIterator<T, undefined> {
  return items[Symbol.asyncIterator]() as AsyncIterator<T, undefined>
}

/** Opens a feed and gives what it yields beside keepalives, one at a time. */
async function open(link: ReturnType<TestRpc['link']>, session: string) {
  const stop = new AbortController()
  const feed = iterate(link.feed({ session }, stop.signal))
  const first = await feed.next()
  assert.deepEqual(first.value?.work, 'keepalive')
  const next = async (): Promise<Work__Output> => {
    for (;;) {
      const { value } = await feed.next()
      if (!value) throw new Error('the feed ended')
      if (value.work !== 'keepalive') return value
    }
  }
  return { stop, next, feed }
}

test('work goes to the agent in order, and the catalog knows that it is online', async (t) => {
  const server = await testRpc(t)
  const identity = await server.enrolled('alpha')
  const seen: string[] = []
  server.feeds.onConnect((host) => seen.push(`+${host}`))
  server.feeds.onDisconnect((host) => seen.push(`-${host}`))
  assert.equal(server.feeds.send(identity.hostId, { keepalive: {} }), false)
  const { next, stop, feed } = await open(server.link(identity), 'session-1')
  assert.equal((await getHost(server.database, identity.hostId)).state, 'online')
  for (let job = 1; job <= 5; job++) {
    const cancel = { job: `job-${job}`, reason: `reason ${job}` }
    assert.equal(server.feeds.send(identity.hostId, { cancel }), true)
  }
  for (let job = 1; job <= 5; job++)
    assert.deepEqual((await next()).cancel, { job: `job-${job}`, reason: `reason ${job}` })

  stop.abort(new Error('over'))
  await assert.rejects(feed.next(), /over/)
  while (seen.length < 2) await new Promise((resolve) => setTimeout(resolve, 10))
  assert.deepEqual(seen, [`+${identity.hostId}`, `-${identity.hostId}`])
  while ((await getHost(server.database, identity.hostId)).state === 'online')
    await new Promise((resolve) => setTimeout(resolve, 10))
})

test('keepalives come by themselves and keep the host fresh in the catalog', async (t) => {
  const server = await testRpc(t, {}, { keepaliveMs: 20 })
  const identity = await server.enrolled('alpha')
  const { feed, stop } = await open(server.link(identity), 'session-1')
  await server.database.query(`UPDATE host SET last_seen_at = now() - interval '1 day'`)
  for (let count = 0; count < 3; count++) assert.equal((await feed.next()).value?.work, 'keepalive')
  assert.equal((await getHost(server.database, identity.hostId)).state, 'online')
  stop.abort(new Error('over'))
})

test('a second process with the same identity is refused until the first is gone', async (t) => {
  const server = await testRpc(t)
  const identity = await server.enrolled('alpha')
  const first = await open(server.link(identity), 'session-1')

  const second = server.link(identity)
  const hello = await errorOf(second.hello({ protocol: 1, session: 'session-2' }))
  assert.equal(hello.code, 'identity-in-use')
  const feed = second.feed({ session: 'session-2' }, new AbortController().signal)
  assert.equal(await codeOf(iterate(feed).next()), 'identity-in-use')
  await second.hello({ protocol: 1, session: 'session-1' }) // the same process on a new connection

  const events = await listEvents(server.database, { about: identity.hostId })
  assert.equal(events.filter(({ kind }) => kind === 'identity-in-use').length, 1)

  first.stop.abort(new Error('over'))
  while (server.feeds.online(identity.hostId)) await new Promise((go) => setTimeout(go, 10))
  const third = await open(second, 'session-2')
  third.stop.abort(new Error('over'))
})

test('the same process that reconnects takes its feed over', async (t) => {
  const server = await testRpc(t)
  const identity = await server.enrolled('alpha')
  const first = await open(server.link(identity), 'session-1')
  const second = await open(server.link(identity), 'session-1')
  assert.equal(await codeOf(first.next()), 'job-interrupted')
  assert.equal(server.feeds.send(identity.hostId, { cancel: { job: 'job-1' } }), true)
  assert.equal((await second.next()).cancel?.job, 'job-1')
  second.stop.abort(new Error('over'))
})

test('an agent of another protocol is refused and shown as incompatible', async (t) => {
  const server = await testRpc(t)
  const identity = await server.enrolled('alpha')
  const hello = server.link(identity).hello({ protocol: 0, version: '0.0.1', session: 'session-1' })
  assert.equal(await codeOf(hello), 'version-incompatible')
  assert.equal((await getHost(server.database, identity.hostId)).state, 'incompatible')
  await server.link(identity).hello({ protocol: 1, version: '1.0.0', session: 'session-1' })
  assert.equal((await getHost(server.database, identity.hostId)).state, 'unreachable')
})

test('the agent finds the server again after a restart on the same port', async (t) => {
  const server = await testRpc(t)
  const identity = await server.enrolled('alpha')
  const link = server.link(identity)
  await link.hello({ protocol: 1, session: 'session-1' })
  await server.rpc.close()
  const hello = errorOf(link.hello({ protocol: 1, session: 'session-1' }))
  assert.equal((await hello).code, 'server-unreachable')
  await testRpc(
    t,
    {},
    {
      database: server.database,
      authority: server.authority,
      agents: server.rpc.agents,
    },
  )
  await link.hello({ protocol: 1, session: 'session-1' })
})
