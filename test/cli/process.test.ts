import assert from 'node:assert/strict'
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import test from 'node:test'
import { FAILPOINTS } from '../../core/runtime/failpoint-names.ts'
import { LAUNCHER, ROOT, runProcess } from './harness.ts'
import { runProvider } from '../openid/openid-provider.ts'

async function folderFor(t: test.TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-cli-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

test('version, through a symbolic link from elsewhere', async (t) => {
  const link = path.join(await folderFor(t), 'holdfast')
  await symlink(LAUNCHER, link)
  const { status, out, err } = await runProcess(['version', '--json'], {}, link)
  assert.deepEqual({ status, err }, { status: 0, err: '' })
  const { version, node } = JSON.parse(out) as { version: string; node: string }
  const manifest = JSON.parse(await readFile(path.join(ROOT, 'package.json'), 'utf8')) as object
  assert.equal(version, 'version' in manifest && manifest.version)
  assert.ok(Number.parseInt(node.slice(1), 10) >= 24)
})

test('the launcher says what is missing', async (t) => {
  const folder = await folderFor(t)
  await mkdir(path.join(folder, 'bin'))
  const launcher = path.join(folder, 'bin/holdfast')
  await copyFile(LAUNCHER, launcher)
  // A Node that is too old, by its own account.
  const node = path.join(folder, 'bin/node')
  await writeFile(node, '#!/bin/sh\necho v20.19.0\n', { mode: 0o755 })
  const env = { PATH: `${folder}/bin:/usr/bin:/bin` }
  const installed = await runProcess(['version'], env, launcher)
  assert.equal(installed.status, 1)
  assert.match(installed.err, /needs Node 24 or newer; found only v20\.19\.0/)
  await writeFile(path.join(folder, 'tsconfig.json'), '{}')
  const checkout = await runProcess(['version'], env, launcher)
  assert.match(checkout.err, /hint: run `npm run setup` in /)
})

test('a command that needs no server loads neither gRPC nor zod', async () => {
  const { err } = await runProcess(['version'], { NODE_DEBUG: 'esm,module' })
  assert.ok(!err.includes('grpc-js'))
  assert.ok(!err.includes('/zod/'))
})

test('failpoints are listed as they are', async () => {
  const { out } = await runProcess(['debug', 'failpoints', '--json'])
  assert.deepEqual(JSON.parse(out), FAILPOINTS)
})

test('without credentials, and with a server that is not there: 3', async (t) => {
  const folder = await folderFor(t)
  const env = { HOME: folder, HOLDFAST_OPERATOR: undefined }
  const missing = await runProcess(['status', '--json'], env)
  assert.equal(missing.status, 3)
  assert.equal(codeOf(missing.out), 'credential-missing')
  const file = path.join(folder, 'operator.json')
  // A port that nobody listens on: below 1024 and not in use on any machine.
  const credential = { addresses: ['127.0.0.1:1'], authority: 'PEM', token: 't', serverId: 's' }
  await writeFile(file, JSON.stringify(credential))
  for (const given of [['--operator', file], []]) {
    const variables = given.length > 0 ? env : { ...env, HOLDFAST_OPERATOR: file }
    const { status, out, err } = await runProcess(['host', 'list', '--json', ...given], variables)
    assert.equal(status, 3)
    assert.equal(codeOf(out), 'server-unreachable')
    assert.match(err, /^error: .*127\.0\.0\.1:1/)
  }
})

function codeOf(document: string): string {
  return (JSON.parse(document) as { error: { code: string } }).error.code
}

test('doctor finds what is needed here, and advises against one file system for both', async (t) => {
  const folder = await folderFor(t)
  const ports = ['--listen', '127.0.0.1:0', '--agents', '127.0.0.1:0']
  const folders = ['--data', path.join(folder, 'data'), '--images', folder]
  const { status, out } = await runProcess(['doctor', '--json', ...ports, ...folders])
  const { ok, checks } = JSON.parse(out) as { ok: boolean; checks: Finding[] }
  assert.equal(ok, status === 0)
  const find = (name: string) => checks.find((check) => check.name === name)
  assert.equal(find('database')?.ok, true)
  assert.equal(find('node')?.ok, true)
  assert.equal(find('data folder')?.ok, true)
  assert.equal(find('failure domain')?.needed, false)
  assert.match(find('failure domain')?.detail ?? '', /same file system/)
  for (const check of checks) assert.equal(check.hint === null, check.ok, check.name)
})

interface Finding {
  readonly name: string
  readonly ok: boolean
  readonly needed: boolean
  readonly detail: string
  readonly hint: string | null
}

test('doctor ends with 1 for what is needed: tools, a port, a folder', async (t) => {
  const folder = await folderFor(t)
  const bare = await runProcess(['doctor', '--json', '--role', 'agent'], { PATH: '/nowhere:/bin' })
  const { checks } = JSON.parse(bare.out) as { checks: Finding[] }
  // Only where /bin is not /usr/bin can the tools really be hidden this way.
  assert.equal(
    bare.status === 1,
    checks.some((check) => check.needed && !check.ok),
  )
  const file = path.join(folder, 'file')
  await writeFile(file, '')
  const wrong = await runProcess(['doctor', '--role', 'agent', '--data', path.join(file, 'data')])
  assert.equal(wrong.status, 1)
  assert.match(wrong.out, /LACKING/)
})

test('doctor asks the OpenID provider that the data folder names, and needs none', async (t) => {
  const data = await folderFor(t)
  const of = async () => {
    const args = ['doctor', '--json', '--role', 'server', '--data', data]
    const { out } = await runProcess([
      ...args,
      '--listen',
      '127.0.0.1:0',
      '--agents',
      '127.0.0.1:0',
    ])
    const { checks } = JSON.parse(out) as { checks: Finding[] }
    return checks.find(({ name }) => name === 'OpenID provider')
  }
  assert.equal(await of(), undefined)
  const provider = await runProvider(t, 'https://console.example.org/sign-in')
  const settings = {
    ...{ issuer: provider.issuer, clientId: 'holdfast', console: 'https://console.example.org/' },
    roles: [{ value: 'admins', role: 'admin' }],
  }
  await writeFile(path.join(data, 'openid.json'), JSON.stringify(settings))
  const found = await of()
  assert.deepEqual([found?.ok, found?.hint], [true, null], found?.detail)
  assert.match(found?.detail ?? '', /^http:\/\/127\.0\.0\.1:\d+\/ answers$/)
  await provider.close()
  const away = await of()
  assert.deepEqual([away?.ok, away?.needed], [false, false])
  assert.match(away?.detail ?? '', /does not answer as one/)
  await writeFile(path.join(data, 'openid.json'), '{"issuer": "http://id.example.org"}')
  const wrong = await of()
  assert.equal(wrong?.needed, false)
  assert.match(wrong?.detail ?? '', /issuer: https, but on loopback.*clientId/)
})

test('set-up has nothing to do in a checkout that is set up, and says nothing', async () => {
  const script = path.join(ROOT, 'scripts/setup.sh')
  const [first, second] = await Promise.all([
    runProcess([script], {}, '/bin/sh'),
    runProcess([script], {}, '/bin/sh'),
  ])
  assert.deepEqual([first.status, second.status], [0, 0])
  assert.equal(first.out + second.out, '')
})
