import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { openOperatorClient, type OperatorClient } from '../../core/wire/operator-client.ts'
import { systemRandom } from '../../core/runtime/random.ts'
import { hashPassword, isPassword } from '../../server/access/password.ts'
import { startService } from '../operator/service.ts'
import { codeOf, testRpc } from '../support/rpc.ts'

/** The whole operator service behind its listener, and a client for each token. */
async function served(t: TestContext) {
  const service = await startService(t)
  const { database } = service
  const server = await testRpc(t, {}, { database, operatorHandlers: () => service.handlers })
  const as = (token: string): OperatorClient => {
    const { authority, rpc } = server
    const addresses = rpc.reach.operators
    const client = openOperatorClient({ addresses, authority: authority.certificate, token })
    t.after(() => client.close())
    return client
  }
  return { ...service, server, as, admin: as(await server.operatorToken('root')) }
}

test('an operator is added, gets tokens, and is gone when removed', async (t) => {
  const { admin, as } = await served(t)
  const added = await admin.addOperator({ name: 'ann', role: 'viewer', scopes: ['tenant:acme'] })
  assert.deepEqual([added.role, added.scopes, added.tokens], ['viewer', ['tenant:acme'], 0])
  const again = admin.addOperator({ name: 'ann', role: 'admin', scopes: [] })
  assert.equal(await codeOf(again), 'already-exists')
  const { token, serverId } = await admin.createOperatorToken({
    ...{ name: 'ann', ttlSeconds: 3600, replace: false },
  })
  assert.equal(serverId, 'server-test')
  const ann = as(token)
  assert.deepEqual((await ann.listSources({})).sources, [])
  assert.equal(await codeOf(ann.listOperators({})), 'permission-denied')
  const second = await admin.createOperatorToken({ name: 'ann', ttlSeconds: 0, replace: true })
  assert.equal(second.expiresAt, null)
  assert.equal(await codeOf(ann.listSources({})), 'credential-refused')
  await as(second.token).listSources({})
  await admin.removeOperator({ name: 'ann' })
  assert.equal(await codeOf(as(second.token).listSources({})), 'credential-refused')
  assert.deepEqual(
    (await admin.listOperators({})).operators.map(({ name }) => name),
    ['root'],
  )
  await admin.addOperator({ name: 'ann', role: 'operator', scopes: [] })
  assert.equal(await codeOf(as(second.token).listSources({})), 'credential-refused')
})

test('a token ends by its time; what is open with it is cut', async (t) => {
  const { admin, as, database } = await served(t)
  await admin.addOperator({ name: 'ann', role: 'viewer', scopes: [] })
  const { token } = await admin.createOperatorToken({ name: 'ann', ttlSeconds: 60, replace: false })
  await database.query(`INSERT INTO job (id, kind, state) VALUES ('j-1', 'collection', 'running')`)
  const watching = as(token).watchJob({ job: 'j-1' })
  const seen = watching[Symbol.asyncIterator]()
  const first = await seen.next()
  assert.ok(!first.done && first.value.id === 'j-1')
  await database.query(`UPDATE operator_token SET expires_at = now() WHERE expires_at IS NOT NULL`)
  assert.equal(await codeOf(seen.next()), 'credential-refused')
})

test('wrong names, roles and scopes are refused; the server’s own operator stays', async (t) => {
  const { admin } = await served(t)
  const add = (name: string, role: string, ...scopes: string[]) =>
    codeOf(admin.addOperator({ name, role, scopes }))
  assert.equal(await add('a b', 'viewer'), 'invalid-argument')
  assert.equal(await add('ann', 'boss'), 'invalid-argument')
  assert.equal(await add('ann', 'viewer', 'everything'), 'invalid-argument')
  assert.equal(await add('ann', 'viewer', 'source:nowhere/at-all'), 'not-found')
  assert.equal(await codeOf(admin.removeOperator({ name: 'admin' })), 'invalid-argument')
  assert.equal(await codeOf(admin.removeOperator({ name: 'ann' })), 'not-found')
})

test('acts and refusals are on record with who and from where; secrets are not', async (t) => {
  const { admin, as, database } = await served(t)
  await admin.addOperator({ name: 'ann', role: 'viewer', scopes: [] })
  const { token } = await admin.createOperatorToken({ name: 'ann', ttlSeconds: 0, replace: false })
  const password = 'correct horse battery'
  await admin.setOperatorPassword({ name: 'ann', password })
  await codeOf(as(token).startCollect({}))
  await codeOf(admin.getHost({ host: 'nowhere' })) // a read that finds nothing is no act
  await codeOf(admin.revokeHost({ host: 'nowhere' }))
  for (let i = 0; i < 3; i++) await codeOf(as('guessed').listHosts({}))
  const { entries } = await admin.listAudit({ limit: 0, before: 0 })
  const told = entries.map(({ actor, method, object, outcome, code }) =>
    [actor, method, object, outcome, code].filter((word) => word !== null).join(' '),
  )
  assert.deepEqual(told, [
    ' SignIn  refused credential-refused',
    'root RevokeHost nowhere failed not-found',
    'ann StartCollect  refused permission-denied',
    'root SetOperatorPassword ann done',
    'root CreateOperatorToken ann done',
    'root AddOperator ann done',
  ])
  for (const { peer } of entries) assert.match(peer, /^127\.0\.0\.1:\d+$/)
  const all = JSON.stringify([entries, await database.query(`SELECT * FROM event`)])
  assert.ok(!all.includes(password) && !all.includes(token) && !all.includes('guessed'))
  const [kept] = await database.query(`SELECT password FROM operator WHERE name = 'ann'`)
  assert.match(String(kept?.['password']), /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  assert.deepEqual((await admin.verifyAudit({})).problems, [])
  const refused = await admin.listAudit({ outcome: 'refused', actor: 'ann', limit: 0, before: 0 })
  assert.equal(refused.entries.length, 1)
})

test('a password is known again, another is not, and nobody has none', async () => {
  const stored = await hashPassword(systemRandom, 'grüße vom Dach')
  assert.ok(await isPassword(stored, 'grüße vom Dach'.normalize('NFD')))
  assert.ok(!(await isPassword(stored, 'grüsse vom Dach')))
  assert.ok(!(await isPassword(null, '')))
  assert.notEqual(await hashPassword(systemRandom, 'grüße vom Dach'), stored)
  assert.equal(await codeOf(hashPassword(systemRandom, 'short')), 'invalid-argument')
})
