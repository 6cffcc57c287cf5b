import assert from 'node:assert/strict'
import { chmod, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { listAudit } from '../../server/catalog/audit.ts'
import { removeOperator } from '../../server/flows/operator-changes.ts'
import { systemRandom } from '../../core/runtime/random.ts'
import { createOperator } from '../../server/catalog/operators.ts'
import { serve, type Refusal, type Served } from '../http/served.ts'
import { CLIENT, runProvider, type Person, type RunningProvider } from './openid-provider.ts'
import { visit } from './openid-visitor.ts'

interface Way extends Served {
  readonly provider: RunningProvider
  readonly returnTo: string
}

const ADMINS: Person = { subject: 'subject-1', preferred_username: 'kim', groups: ['vm', 'admins'] }
const NOBODY: Person = { ...ADMINS, groups: ['accounting'] }

const ROLES = [
  { value: 'admins', role: 'admin' },
  { value: 'desk', role: 'recovery-operator', scopes: ['owner:desk'] },
]

/** A server that knows a running provider. */
async function openWay(t: TestContext, more: object = {}): Promise<Way> {
  const served = await serve(t)
  const returnTo = `${served.url}sign-in`
  const provider = await runProvider(t, returnTo)
  await configure(served, { issuer: provider.issuer, ...more })
  return { ...served, provider, returnTo }
}

async function configure({ openIdFile, url }: Served, more: object): Promise<void> {
  const secretFile = join(dirname(openIdFile), 'openid-secret')
  await writeFile(secretFile, `${CLIENT.secret}\n`)
  await chmod(secretFile, 0o600)
  const settings = {
    ...{ clientId: CLIENT.id, clientSecretFile: 'openid-secret', console: url, roles: ROLES },
    ...{ label: 'Example ID', scopes: ['profile', 'groups'] },
    ...more,
  }
  await writeFile(openIdFile, JSON.stringify(settings))
}

interface Begun {
  readonly url: string
  readonly cookie: string
}

async function begin({ ask }: Served): Promise<Begun> {
  const { status, json, headers, text } = await ask<{ url: string }>(
    ...(['POST', '/session/openid', {}, {}] as const),
  )
  assert.equal(status, 200, text)
  const cookie = headers.getSetCookie().find((set) => set.startsWith('holdfast-sign-in='))
  assert.match(cookie ?? '', /HttpOnly; SameSite=Strict/)
  return { url: json.url, cookie: cookie!.split(';')[0]! }
}

interface Session {
  readonly operator: { readonly name: string; readonly role: string }
  readonly csrf: string
}

async function finish({ ask }: Served, query: string, cookie: string) {
  const answer = await ask<Session & Refusal>('POST', '/session', { openid: query }, { cookie })
  const set = answer.headers.getSetCookie().find((text) => text.startsWith('holdfast-session='))
  return { ...answer, cookie: set?.split(';')[0] ?? '' }
}

async function signIn(way: Way, person: Person) {
  way.provider.person = person
  const { url, cookie } = await begin(way)
  return finish(way, await visit(url, way.returnTo), cookie)
}

async function entries({ database }: Served) {
  return (await listAudit(database, {})).filter(({ method }) => method === 'SignIn')
}

test('somebody whom the provider vouches for gets the role of their group, and a session', async (t) => {
  const way = await openWay(t)
  const ways = await way.ask('GET', '/session/ways', undefined, {})
  assert.deepEqual(ways.json, { openid: { label: 'Example ID' } })
  const { json, cookie, text } = await signIn(way, ADMINS)
  assert.deepEqual(json.operator, { name: 'kim', role: 'admin' }, text)
  const path = '/operators'
  assert.equal((await way.ask('GET', path, undefined, { cookie })).status, 200)
  const wish = { name: 'lee', role: 'viewer' }
  assert.equal((await way.ask('POST', path, wish, { cookie })).status, 403, 'a change needs more')
  const headers = { cookie, 'x-holdfast-csrf': json.csrf }
  assert.equal((await way.ask('POST', path, wish, headers)).status, 200)
  const [entry] = await entries(way)
  assert.deepEqual([entry?.actor, entry?.outcome], ['kim', 'done'])
})

test('the role is that of today; a scope limits what is seen', async (t) => {
  const way = await openWay(t)
  await signIn(way, ADMINS)
  const { json, cookie } = await signIn(way, { ...ADMINS, groups: ['desk'] })
  assert.deepEqual(json.operator, { name: 'kim', role: 'recovery-operator' })
  assert.equal((await way.ask('GET', '/storage', undefined, { cookie })).status, 403)
  const { json: list } = await way.ask<{ operators: { name: string; scopes: string[] }[] }>(
    ...(['GET', '/operators'] as const),
  )
  assert.deepEqual(list.operators.find(({ name }) => name === 'kim')?.scopes, ['owner:desk'])
})

test('whose groups have no role is refused, in words, and in the audit log by name', async (t) => {
  const way = await openWay(t)
  const { status, json, cookie } = await signIn(way, NOBODY)
  assert.deepEqual([status, json.error.code, cookie], [403, 'role-missing', ''])
  const [entry] = await entries(way)
  assert.deepEqual([entry?.actor, entry?.outcome, entry?.code], ['kim', 'refused', 'role-missing'])
  const identity = { issuer: way.provider.issuer, subject: 'subject-1' }
  assert.deepEqual(JSON.parse(entry!.notes), identity)
  assert.deepEqual(await way.database.query(`SELECT 1 FROM operator WHERE name = 'kim'`), [])
})

test('an answer counts once, for the browser that asked, with its state and nonce', async (t) => {
  const way = await openWay(t)
  way.provider.person = ADMINS
  const refused = async (query: string, cookie: string) => {
    const { status, json, text } = await finish(way, query, cookie)
    assert.deepEqual([status, json.error?.code], [401, 'sign-in-failed'], text)
    return json.error.message
  }
  const first = await begin(way)
  const query = await visit(first.url, way.returnTo)
  await refused(query, '')
  await refused(query, 'holdfast-sign-in=guessed')
  const other = await begin(way)
  assert.match(await refused(query, other.cookie), /state/, 'another browser’s attempt')
  assert.equal((await finish(way, query, first.cookie)).status, 200)
  await refused(query, first.cookie)

  const replaying = await begin(way)
  const replayed = new URLSearchParams(query)
  replayed.set('state', new URL(replaying.url).searchParams.get('state')!)
  const said = await refused(`?${replayed.toString()}`, replaying.cookie)
  assert.match(said, /invalid_grant/, 'the provider gives nothing for a code that was used')

  const third = await begin(way)
  const changed = new URL(third.url)
  changed.searchParams.set('nonce', 'of-somebody-else')
  assert.match(await refused(await visit(changed.href, way.returnTo), third.cookie), /nonce/)
  const outcomes = (await entries(way)).map(({ outcome }) => outcome)
  assert.deepEqual(outcomes.filter((outcome) => outcome === 'refused').length, 6)
  assert.ok(!JSON.stringify(await entries(way)).includes(new URLSearchParams(query).get('code')!))
})

test('who was removed stays out until an admin lets them in', async (t) => {
  const way = await openWay(t)
  const { cookie } = await signIn(way, ADMINS)
  await removeOperator(way.database, 'kim', 'ann')
  assert.equal((await way.ask('GET', '/status', undefined, { cookie })).status, 401)
  const refused = await signIn(way, ADMINS)
  assert.deepEqual([refused.status, refused.json.error.code], [401, 'credential-refused'])
  await createOperator(way.database, systemRandom, { name: 'kim', role: 'viewer' })
  assert.equal((await signIn(way, ADMINS)).status, 200)
})

test('a name at the provider makes nobody somebody who is here already', async (t) => {
  const way = await openWay(t)
  const refused = await signIn(way, { ...ADMINS, preferred_username: 'ann' })
  assert.deepEqual([refused.status, refused.json.error.code], [401, 'credential-refused'])
  await signIn(way, ADMINS)
  const twin = await signIn(way, { ...ADMINS, subject: 'subject-2' })
  assert.equal(twin.status, 401, 'another subject of the same name')
  const odd = await signIn(way, { ...ADMINS, subject: 'subject-3', preferred_username: 'Kim Lee' })
  assert.match(odd.json.operator.name, /^openid-[0-9a-f]{16}$/)
})

test('a provider that is down, or is none, says so; passwords and tokens go on', async (t) => {
  const way = await openWay(t)
  const { url, cookie } = await begin(way)
  const query = await visit(url, way.returnTo)
  await way.provider.close()
  for (const answer of [
    await finish(way, query, cookie),
    await way.ask('POST', '/session/openid', {}, {}),
  ]) {
    assert.deepEqual([answer.status, answer.json.error.code], [503, 'provider-unreachable'])
    assert.match(answer.json.error.message, new RegExp(way.provider.issuer))
  }
  const [entry] = await entries(way)
  assert.deepEqual([entry?.outcome, entry?.code], ['failed', 'provider-unreachable'])
  await configure(way, { issuer: way.url })
  const none = await way.ask('POST', '/session/openid', {}, {})
  assert.equal(none.json.error.code, 'provider-unreachable')
  const token = await way.ask<Session>('POST', '/session', { token: way.token }, {})
  assert.equal(token.json.operator.name, 'ann')
})

test('settings that cannot be are refused in words, and the secret is not in them', async (t) => {
  const way = await openWay(t)
  const wrong: readonly (readonly [object, RegExp])[] = [
    [{ issuer: 'http://id.example.org' }, /issuer: https/],
    [{ roles: [] }, /roles/],
    [{ roles: [{ value: 'a', role: 'king' }] }, /roles/],
    [{ clientSecret: 'here' }, /clientSecret/],
    [{ clientSecretFile: 'nowhere' }, /nowhere/],
  ]
  for (const [more, expected] of wrong) {
    await configure(way, { issuer: way.provider.issuer, ...more })
    const { json } = await way.ask('POST', '/session/openid', {}, {})
    assert.equal(json.error.code, 'invalid-argument')
    assert.match(json.error.message, expected)
  }
  await configure(way, { issuer: way.provider.issuer })
  await chmod(join(dirname(way.openIdFile), 'openid-secret'), 0o644)
  const { json } = await way.ask('POST', '/session/openid', {}, {})
  assert.match(json.error.message, /others can read/)
  const { json: ways } = await way.ask('GET', '/session/ways', undefined, {})
  assert.deepEqual(ways, { openid: null })
})
