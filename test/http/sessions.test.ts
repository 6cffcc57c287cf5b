import assert from 'node:assert/strict'
import test from 'node:test'
import type { Role } from '../../core/model/role.ts'
import { systemRandom } from '../../core/runtime/random.ts'
import { addOperatorToken, createOperator } from '../../server/catalog/operators.ts'
import type { Scope } from '../../server/catalog/scopes.ts'
import { addSample, CALLER } from '../operator/service.ts'
import type { Event, Point } from '../../cli/reply.ts'
import { serve, type Served } from './served.ts'

interface SessionAnswer {
  readonly operator: { readonly name: string }
  readonly may: readonly string[]
  readonly csrf: string
}

async function signIn({ ask }: Served, credential: object) {
  const answer = await ask<SessionAnswer>('POST', '/session', credential, {})
  const cookie = /holdfast-session=[^;]+/.exec(answer.headers.get('set-cookie') ?? '')?.[0] ?? ''
  return { answer, cookie, csrf: answer.json.csrf }
}

test('a token begins a session; its cookie is for HTTP and this site alone', async (t) => {
  const served = await serve(t)
  const { answer, cookie } = await signIn(served, { token: served.token })
  assert.equal(answer.json.operator.name, 'ann')
  assert.match(answer.headers.get('set-cookie') ?? '', /HttpOnly; SameSite=Strict/)
  assert.ok(!answer.text.includes(cookie.split('=')[1]!), 'no script can read the secret')
  const status = await served.ask('GET', '/status', undefined, { cookie })
  assert.equal(status.status, 200)
})

test('a change needs the second secret, which other pages cannot know', async (t) => {
  const served = await serve(t)
  const { first } = await addSample(served.rows)
  const { cookie, csrf } = await signIn(served, { token: served.token })
  const path = `/points/${first}/comment`
  const forged = await served.ask('PUT', path, { comment: 'x' }, { cookie })
  assert.deepEqual([forged.status, forged.json.error.code], [403, 'permission-denied'])
  const guessed = await served.ask(
    'PUT',
    path,
    { comment: 'x' },
    { cookie, 'x-holdfast-csrf': 'x' },
  )
  assert.equal(guessed.status, 403)
  const own = await served.ask<Point>(
    'PUT',
    path,
    { comment: 'y' },
    { cookie, 'x-holdfast-csrf': csrf },
  )
  assert.equal(own.json.comment, 'y')
})

test('a session ends by hand, by time, by idleness and with its operator', async (t) => {
  const served = await serve(t)
  const { database, ask } = served
  const reach = async (cookie: string) =>
    (await ask('GET', '/status', undefined, { cookie })).status
  const ends = [
    async (cookie: string, csrf: string) => {
      await ask('DELETE', '/session', undefined, { cookie, 'x-holdfast-csrf': csrf })
    },
    () => database.query(`UPDATE session SET expires_at = now() - interval '1 second'`),
    () => database.query(`UPDATE session SET last_used_at = now() - interval '61 minutes'`),
    () => database.query(`UPDATE operator SET removed_at = now()`),
  ]
  for (const end of ends) {
    const { cookie, csrf } = await signIn(served, { token: served.token })
    assert.equal(await reach(cookie), 200)
    await end(cookie, csrf)
    assert.equal(await reach(cookie), 401)
  }
})

test('a link signs in once', async (t) => {
  const served = await serve(t)
  const { url } = await served.handlers.createSignInLink({}, CALLER)
  const link = /#sign-in=(.+)$/.exec(url)?.[1]
  const { answer, cookie } = await signIn(served, { link })
  assert.equal(answer.status, 200)
  assert.equal(
    (await served.ask<SessionAnswer>('GET', '/session', undefined, { cookie })).json.operator.name,
    'ann',
  )
  assert.equal((await signIn(served, { link })).answer.status, 401)
})

test('guessing is slow, refused, and seen', async (t) => {
  const served = await serve(t)
  const codes = []
  for (let i = 0; i < 12; i++)
    codes.push((await signIn(served, { token: `guess-${i}` })).answer.status)
  assert.deepEqual([...codes.slice(0, 10)], new Array(10).fill(401))
  assert.deepEqual(codes.slice(10), [429, 429])
  const { json } = await served.ask<{ events: Event[] }>('GET', '/events?about=console')
  assert.equal(json.events[0]?.kind, 'sign-in-refused')
  assert.ok(!JSON.stringify(json).includes('guess-'), 'secrets are not written down')
})

test('nothing but a session or a token gets in', async (t) => {
  const { ask } = await serve(t)
  const without = await ask('GET', '/points', undefined, {})
  assert.deepEqual([without.status, without.json.error.code], [401, 'credential-missing'])
  const wrong = await ask('GET', '/points', undefined, { authorization: 'Bearer nonsense' })
  assert.deepEqual([wrong.status, wrong.json.error.code], [401, 'credential-refused'])
  // Also where the request itself is wrong: strangers are told nothing of it.
  const both = await ask('GET', '/points?stranger=1', undefined, {})
  assert.equal(both.status, 401)
})

test('the page may not be framed, and loads nothing from elsewhere', async (t) => {
  const { ask } = await serve(t)
  const { headers } = await ask('GET', '/status')
  const policy = headers.get('content-security-policy') ?? ''
  assert.match(policy, /default-src 'self'/)
  assert.match(policy, /frame-ancestors 'none'/)
  assert.doesNotMatch(policy, /unsafe|https?:/)
})

test('a session says which calls its operator may make, by role and scope', async (t) => {
  const served = await serve(t)
  const { database, ask, rows } = served
  const { source } = await addSample(rows)
  const mayOf = async (name: string, role: Role, scopes: readonly Scope[] = []) => {
    const id = await createOperator(database, systemRandom, { name, role, scopes })
    const { token } = await addOperatorToken(database, systemRandom, id)
    const { answer, cookie } = await signIn(served, { token })
    const { json } = await ask<SessionAnswer>('GET', '/session', undefined, { cookie })
    assert.deepEqual(json.may, answer.json.may, 'the same when asked later')
    return new Set(json.may)
  }
  const admin = await mayOf('root', 'admin')
  assert.ok(admin.has('ListAudit') && admin.has('AddOperator') && admin.has('DeletePoint'))
  const viewer = await mayOf('viewer', 'viewer')
  assert.ok(viewer.has('GetStatus') && !viewer.has('ListOperators') && !viewer.has('StartVerify'))
  const scoped = await mayOf('scoped', 'viewer', [{ kind: 'source', value: source }])
  assert.ok(scoped.has('ListPoints') && !scoped.has('GetStatus') && !scoped.has('GetStorage'))
  const own = await mayOf('own', 'self-service')
  assert.ok(own.has('StartRestore') && !own.has('ListHosts') && !own.has('DeletePoint'))
})
