import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { parse } from 'yaml'

/** As far as can be checked without an engine: what the files name is there, and fits the product. */
const root = join(import.meta.dirname, '../..')

interface Service {
  readonly image?: string
  readonly build?: { readonly dockerfile: string }
  readonly command?: readonly string[]
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly depends_on?: Readonly<Record<string, unknown>>
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>
  readonly volumes: Readonly<Record<string, unknown>>
}

const compose = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8')) as Compose

test('compose names PostgreSQL, a server and an agent, and only volumes and services that exist', () => {
  const { services, volumes } = compose
  assert.deepEqual(Object.keys(services), ['postgres', 'server', 'join', 'agent'])
  for (const [name, service] of Object.entries(services)) {
    for (const other of Object.keys(service.depends_on ?? {}))
      assert.ok(other in services, `${name} depends on ${other}`)
    for (const volume of service.volumes ?? []) {
      const [source = ''] = volume.split(':')
      assert.ok(source.startsWith('./') || source in volumes, `${name} mounts ${source}`)
    }
  }
})

test('nothing is published beyond loopback', () => {
  for (const { ports = [] } of Object.values(compose.services))
    for (const port of ports) assert.match(port, /^127\.0\.0\.1:/)
})

test('what the services run is understood by the command line', () => {
  for (const [name, { command = [] }] of Object.entries(compose.services)) {
    if (command.length === 0) continue
    const help = execFileSync(join(root, 'bin/holdfast'), [...command.slice(0, 2), '--help'], {
      encoding: 'utf8',
    })
    for (const option of command.slice(2))
      assert.ok(help.includes(option.split('=')[0] ?? ''), `${name}: ${option}`)
  }
})

test('the images copy what is in the repository, and their scripts are sound', () => {
  for (const { build } of Object.values(compose.services)) {
    if (!build) continue
    const text = readFileSync(join(root, build.dockerfile), 'utf8')
    for (const [, list = ''] of text.matchAll(/^COPY (.+) \S+$/gm))
      for (const source of list.split(' ')) assert.ok(existsSync(join(root, source)), source)
  }
  for (const script of ['docker/entrypoint', 'docker/make-join-token'])
    execFileSync('sh', ['-n', join(root, script)])
})
