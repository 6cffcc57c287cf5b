import assert from 'node:assert/strict'
import { cp, mkdir, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises'
import test from 'node:test'
import type { RefusedAnswer } from '../support/answers.ts'
import { Child, type Ended } from '../support/child.ts'
import { Holdfast } from '../support/holdfast.ts'
import { writeRawDisk } from '../support/raw-disk.ts'
import { Scene, until } from '../support/scene.ts'

const ANYWHERE = ['--listen', '127.0.0.1:0', '--agents', '127.0.0.1:0']

/** A start that must be refused: one clear message with what to do, exit 1. */
function checkRefused({ status, stderr, stdout }: Ended, code: string, named?: string): void {
  assert.equal(status, 1, stderr)
  const { error } = JSON.parse(stdout) as RefusedAnswer
  assert.equal(error.code, code, stdout)
  if (named !== undefined) assert.ok(error.message.includes(named), error.message)
  assert.match(stderr, /error: /)
}

function serverRun(data: string, ...more: string[]): Child {
  return new Child(['server', 'run', '--json', '--data', data, ...more])
}

/** The data folder of a server that ran once, and stopped. */
async function otherServer(holdfast: Holdfast): Promise<string> {
  const data = holdfast.path('other')
  const server = serverRun(data, ...ANYWHERE)
  await server.ready()
  await server.kill('SIGTERM')
  return data
}

test('a server does not start on what is not its own', async (t) => {
  const scene = await Scene.open(t)
  const { holdfast } = scene
  const own = holdfast.path('server')
  const store = holdfast.path('server', 'store')
  await writeRawDisk(scene.image('disk.raw'), { chunks: 6, tail: 512, seed: 1 })
  await scene.sources('alpha/disk.raw')
  const point = await scene.point('alpha/disk.raw')
  const other = await otherServer(holdfast)

  await t.test('its data folder is in use', async () => {
    checkRefused(await serverRun(own, ...ANYWHERE).end(), 'data-folder-in-use', own)
  })
  await t.test('its port is taken', async () => {
    const [, listen = ''] = holdfast.listenArgs
    const args = ['--listen', listen, '--agents', '127.0.0.1:0']
    checkRefused(await serverRun(other, ...args).end(), 'port-taken', listen)
  })
  await holdfast.server?.kill('SIGTERM')
  await t.test('an empty folder lies where its store was', async () => {
    await rename(store, holdfast.path('aside'))
    checkRefused(await serverRun(own, ...ANYWHERE).end(), 'store-missing', store)
    await mkdir(store)
    checkRefused(await serverRun(own, ...ANYWHERE).end(), 'store-missing', store)
    assert.deepEqual(await readdir(store), [], 'nothing is created')
    await rm(store, { recursive: true })
  })
  await t.test('the store of another server lies there', async () => {
    await rename(holdfast.path('other', 'store'), store)
    checkRefused(await serverRun(own, ...ANYWHERE).end(), 'store-foreign')
    await rename(store, holdfast.path('other', 'store'))
    await rename(holdfast.path('aside'), store)
  })
  await t.test('store or data folder were written by a newer release', async () => {
    await withNewer(holdfast.path('server', 'server.json'), async () => {
      checkRefused(await serverRun(own, ...ANYWHERE).end(), 'data-folder-newer', own)
    })
    await withNewer(`${store}/STORE.json`, async () => {
      checkRefused(await serverRun(own, ...ANYWHERE).end(), 'store-newer', store)
    })
  })
  await t.test('an agent meets another server than its own', async () => {
    await holdfast.agents.get('alpha')?.kill('SIGTERM')
    const stranger = serverRun(other, ...holdfast.listenArgs)
    await stranger.ready()
    try {
      const agent = new Child(['agent', 'run', '--json', '--data', holdfast.path('agent-alpha')])
      checkRefused(await agent.end(), 'wrong-authority')
      const { status } = await holdfast.run('point', 'list')
      assert.equal(status, 3, 'nor does an operator take it for its own')
    } finally {
      await stranger.kill('SIGTERM')
    }
  })
  await t.test('and all is as it was', async () => {
    await holdfast.startServer()
    await scene.startAgents()
    const right = await readFile(scene.image('disk.raw'))
    assert.ok((await readFile(await scene.restored(point.id))).equals(right))
  })
})

/** With a format that this release does not know, for as long as `work` takes. */
async function withNewer(file: string, work: () => Promise<void>): Promise<void> {
  const before = await readFile(file, 'utf8')
  await writeFile(file, before.replace(/"format": ?1/, '"format": 99'))
  assert.notEqual(await readFile(file, 'utf8'), before)
  await work()
  await writeFile(file, before)
}

async function tokenFile(holdfast: Holdfast, name: string, ttl: string) {
  const { json } = await holdfast.ok<{ token: string; expiresAt: string }>(
    ...['token', 'create', '--ttl', ttl],
  )
  await writeFile(holdfast.path(name), json.token)
  return { file: holdfast.path(name), expiresAt: json.expiresAt }
}

function isPast(time: string): boolean {
  return new Date().toISOString() > time
}

test('an agent does not start as somebody else', async (t) => {
  const scene = await Scene.open(t)
  const { holdfast } = scene
  const agentRun = (name: string, ...more: string[]) =>
    new Child(['agent', 'run', '--json', '--data', holdfast.path(name), ...more])

  // The second gives the first some 20 s to be found dead: the rest of this test does not wait.
  await cp(holdfast.path('agent-alpha'), holdfast.path('copied'), { recursive: true })
  const twin = agentRun('copied').end()

  await t.test('with the data folder of one that runs', async () => {
    checkRefused(await agentRun('agent-alpha').end(), 'data-folder-in-use', 'agent-alpha')
  })
  await t.test('with a token that was used, or has expired, or with none', async () => {
    const used = holdfast.path('join-alpha')
    const args = ['--name', 'beta', '--join-file']
    checkRefused(await agentRun('agent-x', ...args, used).end(), 'token-used')
    const late = await tokenFile(holdfast, 'late', '1s')
    await until('its end', () => Promise.resolve(isPast(late.expiresAt) || undefined))
    checkRefused(await agentRun('agent-x', ...args, late.file).end(), 'token-expired')
    const taken = await tokenFile(holdfast, 'taken', '5m')
    const name = ['--name', 'alpha', '--join-file']
    checkRefused(await agentRun('agent-x', ...name, taken.file).end(), 'host-name-taken', 'alpha')
    const { status, stderr } = await agentRun('agent-x').end()
    assert.notEqual(status, 0)
    assert.match(stderr, /token create/)
  })
  await t.test('as a host that was revoked: at once, and at each start', async () => {
    const beta = await holdfast.startAgent('beta', {}, [])
    await holdfast.ok('host', 'revoke', 'beta', '--yes')
    const { status, stderr } = await beta.end()
    assert.equal(status, 1)
    assert.match(stderr, /revoked/)
    checkRefused(await agentRun('agent-beta').end(), 'host-revoked')
  })
  await t.test(
    'with a certificate that another replaced, or with half of an identity',
    async () => {
      const first = await holdfast.startAgent('gamma', {}, [])
      await first.kill('SIGTERM')
      const again = await holdfast.ok<{ token: string }>('token', 'create', '--host', 'gamma')
      await writeFile(holdfast.path('again'), again.json.token)
      const joined = agentRun(
        'gamma-again',
        '--name',
        'gamma',
        '--join-file',
        holdfast.path('again'),
      )
      await joined.ready()
      await joined.kill('SIGTERM')
      checkRefused(await agentRun('agent-gamma').end(), 'certificate-refused', 'gamma')
      const identity = holdfast.path('gamma-again', 'identity.json')
      await truncate(identity, 100)
      checkRefused(await agentRun('gamma-again').end(), 'certificate-refused', 'gamma-again')
    },
  )
  await t.test('with a copied identity', async () => {
    checkRefused(await twin, 'identity-in-use', 'alpha')
    assert.ok(holdfast.agents.get('alpha')?.isRunning, 'the first goes on')
  })
})
