import assert from 'node:assert/strict'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { enrol } from '../../agent/identity/enrol.ts'
import { readIdentity } from '../../agent/identity/identity-store.ts'
import { parseJoinToken, formatJoinToken } from '../../core/wire/join-token.ts'
import { listEvents } from '../../server/catalog/events.ts'
import { codeOf, errorOf, temporaryFolder, testRpc } from '../support/rpc.ts'

test('a host enrols by token and is known from then on', async (t) => {
  const server = await testRpc(t)
  const folder = await temporaryFolder(t)
  const identity = await enrol({ folder, token: await server.joinToken(), hostName: 'alpha' })
  assert.equal(identity.hostName, 'alpha')
  assert.deepEqual(identity.addresses, server.rpc.reach.agents)
  assert.deepEqual(await readIdentity(folder), identity)
  assert.equal((await stat(join(folder, 'identity.json'))).mode & 0o777, 0o600)

  const reply = await server.link(identity).hello({ protocol: 1, session: 'session-1' })
  assert.equal(reply.hostName, 'alpha')
  assert.equal(reply.serverId, 'server-test')
  assert.ok(Date.parse(reply.certificateExpiresAt) > Date.now() + 29 * 86_400_000)
})

test('a token serves once, and its second use is written down', async (t) => {
  const server = await testRpc(t)
  const token = await server.joinToken()
  await enrol({ folder: join(server.folder, 'a'), token, hostName: 'alpha' })
  const again = enrol({ folder: join(server.folder, 'b'), token, hostName: 'beta' })
  assert.equal(await codeOf(again), 'token-used')
  assert.equal(await readIdentity(join(server.folder, 'b')), undefined)
  const events = await listEvents(server.database, {})
  assert.ok(events.some(({ kind, about }) => kind === 'token-reused' && about === 'alpha'))
})

test('of 50 uses of one token at once, one succeeds', async (t) => {
  const server = await testRpc(t)
  const token = await server.joinToken()
  const tries = Array.from({ length: 50 }, (_, at) =>
    enrol({ folder: join(server.folder, `h${at}`), token, hostName: `host-${at}` }),
  )
  const outcomes = await Promise.allSettled(tries)
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
  for (const outcome of outcomes)
    if (outcome.status === 'rejected')
      assert.equal((outcome.reason as { code: string }).code, 'token-used')
  const hosts = await server.database.query('SELECT name FROM host')
  assert.equal(hosts.length, 1)
})

test('an expired token, an unknown one and a mangled one are told apart', async (t) => {
  const server = await testRpc(t)
  const folder = join(server.folder, 'x')
  const expired = await server.joinToken()
  await server.database.query(`UPDATE join_token SET expires_at = now() - interval '1 second'`)
  assert.equal(await codeOf(enrol({ folder, token: expired, hostName: 'x' })), 'token-expired')

  const secret = 'A'.repeat(32)
  const unknown = formatJoinToken({ ...parseJoinToken(expired), secret })
  assert.equal(await codeOf(enrol({ folder, token: unknown, hostName: 'x' })), 'token-unknown')

  const mangled = enrol({ folder, token: expired.slice(0, -8), hostName: 'x' })
  const error = await errorOf(mangled)
  assert.equal(error.code, 'token-unknown')
  assert.ok(!error.message.includes(parseJoinToken(expired).secret))
})

test('a token for one host serves no other, and gives that host its history back', async (t) => {
  const server = await testRpc(t)
  const first = await server.enrolled('alpha')
  const other = enrol({
    folder: join(server.folder, 'o'),
    token: await server.joinToken({ hostName: 'alpha' }),
    hostName: 'omega',
  })
  assert.equal(await codeOf(other), 'token-unknown')

  const taken = enrol({
    folder: join(server.folder, 'p'),
    token: await server.joinToken(),
    hostName: 'alpha',
  })
  assert.equal(await codeOf(taken), 'host-name-taken')

  const second = await enrol({
    folder: join(server.folder, 'q'),
    token: await server.joinToken({ hostName: 'alpha' }),
    hostName: 'alpha',
  })
  assert.equal(second.hostId, first.hostId)
  const old = server.link(first).hello({ protocol: 1, session: 'session-1' })
  assert.equal(await codeOf(old), 'certificate-refused')
  await server.link(second).hello({ protocol: 1, session: 'session-2' })
})

test('a server of another authority never sees the secret', async (t) => {
  const server = await testRpc(t)
  const impostor = await testRpc(t)
  const token = parseJoinToken(await server.joinToken())
  const misled = formatJoinToken({ ...token, addresses: impostor.rpc.reach.operators })
  const error = await codeOf(
    enrol({ folder: join(server.folder, 'x'), token: misled, hostName: 'x' }),
  )
  assert.equal(error, 'wrong-authority')

  // The right one behind the wrong one is found all the same.
  const both = [...impostor.rpc.reach.operators, ...token.addresses]
  const identity = await enrol({
    folder: join(server.folder, 'y'),
    token: formatJoinToken({ ...token, addresses: both }),
    hostName: 'y',
  })
  assert.equal(identity.hostName, 'y')
})

test('a token cannot live longer than a quarter of an hour', async (t) => {
  const server = await testRpc(t)
  assert.equal(await codeOf(server.joinToken({ ttlSeconds: 901 })), 'invalid-argument')
  assert.equal(await codeOf(server.joinToken({ ttlSeconds: 0 })), 'invalid-argument')
})

test('a name that cannot be a host is refused', async (t) => {
  const server = await testRpc(t)
  for (const hostName of ['', 'a/b', '../x', 'a b', 'x'.repeat(64)]) {
    const token = await server.joinToken()
    const tried = enrol({ folder: join(server.folder, 'n'), token, hostName })
    assert.equal(await codeOf(tried), 'invalid-argument', JSON.stringify(hostName))
  }
})
