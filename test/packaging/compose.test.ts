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
  readonly profiles?: readonly string[]
  readonly depends_on?: Readonly<Record<string, unknown>> | readonly string[]
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>
  readonly volumes: Readonly<Record<string, unknown>>
}

const compose = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8')) as Compose

test('compose names PostgreSQL, a server and an agent, and only volumes and services that exist', () => {
  const { services, volumes } = compose
  const always = Object.keys(services).filter((name) => !services[name]?.profiles)
  assert.deepEqual(always, ['postgres', 'server', 'join', 'agent'])
  assert.deepEqual(services['grafana']?.profiles, ['monitoring'])
  for (const [name, service] of Object.entries(services)) {
    const others = service.depends_on ?? []
    for (const other of Array.isArray(others) ? others : Object.keys(others))
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
  for (const [name, { command = [], build }] of Object.entries(compose.services)) {
    if (command.length === 0 || !build) continue
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
      if (list.startsWith('--from=build ')) assert.match(text, /^FROM \S+ AS build$/m)
      else for (const source of list.split(' ')) assert.ok(existsSync(join(root, source)), source)
  }
  for (const script of ['docker/entrypoint', 'docker/make-join-token'])
    execFileSync('sh', ['-n', join(root, script)])
})
