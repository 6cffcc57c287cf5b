import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import test from 'node:test'
import { promisify } from 'node:util'
import { buildProgram } from '../../cli/program.ts'
import { manPages } from '../../cli/output/man-page.ts'
import { contextOf, PlannedTerminal } from '../cli/harness.ts'
import { lacksTool } from '../support/needs.ts'

const run = promisify(execFile)
const root = path.join(import.meta.dirname, '..', '..')

test('what npm packs is what is needed, and runs', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-package-'))
  t.after(() => rm(folder, { recursive: true }))
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root })
  const [archive = ''] = await readdir(folder)
  const { stdout: listed } = await run('tar', ['-tzf', archive], { cwd: folder })
  const names = new Set(listed.split('\n').map((name) => name.replace(/^package\//, '')))
  for (const wanted of WANTED) assert.ok(names.has(wanted), `${wanted} is missing`)
  for (const name of names) assert.doesNotMatch(name, UNWANTED)

  await run('tar', ['-xzf', archive], { cwd: folder })
  // As npm lays it out: what it depends on lies beside it.
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'package', 'node_modules'))
  const command = path.join(folder, 'package', 'bin', 'holdfast')
  const { stdout } = await run(command, ['version', '--json'])
  assert.match(stdout, /"version"/)
})

const WANTED = [
  'bin/holdfast',
  'dist/bundle/main.js',
  'dist/bundle/item-reader.js',
  'dist/bundle/migrations/0001_initial.sql',
  'dist/web/index.html',
  'dist/man/holdfast-point.1',
  'dist/built',
  'proto/operator.proto',
  'systemd/holdfast-server.service',
  'monitoring/holdfast.rules.yml',
  'README.md',
]
const UNWANTED =
  /\.tsx?$|^(?:test|bench|node_modules|dist\/(?:test|bench|scripts|core|server|agent|cli))\//

const program = buildProgram(contextOf(new PlannedTerminal()))

test('the manual has a page for each group of commands, with each option', () => {
  const pages = manPages(program, '9.9.9')
  const names = program.commands.map((command) => `holdfast-${command.name()}.1`)
  assert.deepEqual(pages.map(({ file }) => file).sort(), ['holdfast.1', ...names].sort())
  const point = pages.find(({ file }) => file === 'holdfast-point.1')?.text ?? ''
  for (const option of ['label', 'protect', 'expires'])
    assert.match(point, new RegExp(`\\\\-\\\\-${option}`))
  assert.match(point, /^\.TH HOLDFAST-POINT 1 "" "Holdfast 9\.9\.9"/)
})

test('no page has anything that its reader does not understand', async (t) => {
  if (lacksTool(t, 'groff')) return
  for (const { file, text } of manPages(program, '1')) {
    const checked = run('groff', ['-man', '-Tutf8', '-ww', '-z'])
    checked.child.stdin?.end(text)
    assert.equal((await checked).stderr, '', file)
  }
})

test('units start the command as systemd is to know it, and confine it', async () => {
  for (const name of ['server', 'agent']) {
    const unit = await readFile(path.join(root, 'systemd', `holdfast-${name}.service`), 'utf8')
    const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(unit)?.[1]
    assert.equal(value('Type'), 'notify')
    assert.match(
      value('ExecStart') ?? '',
      new RegExp(`^/usr/local/bin/holdfast ${name} run --data `),
    )
    assert.ok(Number(value('WatchdogSec')) > 0)
    for (const key of ['NoNewPrivileges', 'PrivateTmp', 'ProtectKernelModules', 'LockPersonality'])
      assert.equal(value(key), 'yes', `${name}: ${key}`)
  }
})
