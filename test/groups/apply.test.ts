import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import test from 'node:test'
import type { Group, Host, Source } from '../../cli/reply.ts'
import { writeRawDisk } from '../support/raw-disk.ts'
import { Scene, until } from '../support/scene.ts'

interface Applied {
  readonly applied: boolean
  readonly changes: readonly { kind: string; name: string; action: string; changes: string[] }[]
}

/** A fleet that lives in a file, against real processes. */
test('a file is applied, says what it would do, and does it once', async (t) => {
  const scene = await Scene.open(t)
  const { holdfast } = scene
  for (const [i, name] of ['db.raw', 'web-1.raw', 'web-2.raw'].entries())
    await writeRawDisk(scene.image(name), { chunks: 5, tail: 513, seed: i + 1 })
  await scene.sources('alpha/db.raw', 'alpha/web-1.raw', 'alpha/web-2.raw')
  const file = holdfast.path('fleet.yaml')
  const apply = async (content: string, ...more: string[]) => {
    await writeFile(file, content)
    return holdfast.run<Applied>('apply', '-f', file, ...more)
  }
  const done = async (content: string, ...more: string[]) => {
    const answer = await apply(content, '--yes', ...more)
    assert.equal(answer.status, 0, answer.stderr)
    return answer.json.changes.map(({ kind, name, action }) => `${action} ${kind} ${name}`)
  }
  const groups = async () => {
    const { json } = await holdfast.ok<Group[]>('group', 'list')
    return json.map(({ name, members }) => [name, ...members.map(({ source }) => source)])
  }

  await t.test('wrong files are told with lines, and nothing is done', async () => {
    const shapes = await apply('groups:\n  - name: web\n    retain: x\n', '--yes')
    assert.equal(shapes.status, 1)
    assert.match(shapes.stderr, /fleet\.yaml: line 3: groups\.0\.retain/)
    const kinds = await apply(
      'groups:\n  - name: web\n    points: [a]\n  - match: ["x:y"]\n',
      '--yes',
    )
    assert.match(kinds.stderr, /line 3: groups\.0\.points: is to be text/)
    assert.match(kinds.stderr, /line 4: groups\.1\.name: is missing/)
    assert.match(kinds.stderr, /line 4: groups\.1\.match\.0: .*"x" is no kind of rule/)
    const unknown = await apply(
      'groups:\n  - name: db\n  - name: web\n    members: [alpha/no.raw]\n',
      '--yes',
    )
    assert.equal(unknown.status, 1)
    assert.match(unknown.stderr, /fleet\.yaml:3: group web: .*alpha\/no\.raw/)
    const near = await apply(
      'groups:\n  - name: web\n    sync: 45m\n    points: "13:00,13:30"\n',
      '--yes',
    )
    assert.match(near.stderr, /fleet\.yaml:2: group web: .*45 minutes apart/)
    assert.equal((await apply('sources:\n  - name: alpha/no.raw\n', '--yes')).status, 1)
    assert.deepEqual(await groups(), [])
  })

  const first = `
groups:
  - name: db
    members: [alpha/db.raw]
    points: "08:00,20:00"
    timezone: Europe/Berlin
    retain: 14d
  - name: web
    match: ["name:web-*"]
    points: "12:00"
    timezone: UTC
    rateHours: ["08:00-18:00 mon-fri=10MiB"]
sources:
  - name: alpha/db.raw
    owner: ann
hosts:
  - name: alpha
    rate: 500MiB
`
  await t.test('it shows a plan, and does nothing without a yes', async () => {
    const plan = await apply(first, '--plan')
    assert.equal(plan.status, 0)
    assert.equal(plan.json.applied, false)
    assert.match(
      plan.json.changes[0]!.changes.join('\n'),
      /alpha\/db\.raw joins: all of it is read/,
    )
    assert.equal((await apply(first)).status, 2)
    assert.deepEqual(await groups(), [])
  })

  await t.test('it does what it says, once', async () => {
    assert.deepEqual(await done(first), [
      'create group db',
      'create group web',
      'change source alpha/db.raw',
      'change host alpha',
    ])
    assert.deepEqual(await groups(), [
      ['db', 'alpha/db.raw'],
      ['web', 'alpha/web-1.raw', 'alpha/web-2.raw'],
    ])
    const host = (await holdfast.ok<Host>('host', 'show', 'alpha')).json
    assert.equal(host.bytesPerSecond, 500 * 2 ** 20)
    const source = (await holdfast.ok<Source>('source', 'show', 'alpha/db.raw')).json
    assert.equal(source.owner, 'ann')
    assert.deepEqual(await done(first), [])
  })

  await t.test('what the server has is a file that changes nothing', async () => {
    const answer = await holdfast.raw('get', '-o', 'yaml')
    assert.equal(answer.status, 0, answer.stderr)
    assert.deepEqual(await done(answer.stdout), [])
    const one = await holdfast.raw('get', 'group', 'db', '-o', 'yaml')
    assert.match(one.stdout, /^groups:\n {2}- name: db\n/)
    assert.doesNotMatch(one.stdout, /web/)
    assert.equal((await holdfast.raw('get', 'group', 'none')).status, 1)
    assert.equal((await holdfast.raw('get', 'volcano')).status, 2)
  })

  await t.test('a member moves to another group, and its protection goes on', async () => {
    await until('the first replicas', async () => {
      const { json } = await holdfast.ok<Source[]>('source', 'list')
      return json.every(({ replicaState }) => replicaState === 'ok') ? true : undefined
    })
    const moved = first
      .replace('[alpha/db.raw]', '[alpha/db.raw, alpha/web-1.raw]')
      .replace('retain: 14d', 'retain: 7d')
    const plan = await apply(moved, '--plan')
    assert.match(plan.json.changes[0]!.changes.join('\n'), /retainDays: 14 → 7/)
    assert.deepEqual(await done(moved), ['change group db'])
    assert.deepEqual(await groups(), [
      ['db', 'alpha/db.raw', 'alpha/web-1.raw'],
      ['web', 'alpha/web-2.raw'],
    ])
    const source = (await holdfast.ok<Source>('source', 'show', 'alpha/web-1.raw')).json
    assert.deepEqual([source.group, source.replicaState, source.points], ['db', 'ok', 1])
    assert.deepEqual(await done(moved), [])
  })

  await t.test('groups that the file does not name stay, or end with --prune', async () => {
    const only = 'groups:\n  - name: all\n    members: [alpha/db.raw]\n    timezone: UTC\n'
    assert.deepEqual(await done(only), ['create group all'])
    assert.deepEqual(
      (await groups()).map(([name]) => name),
      ['all', 'db', 'web'],
    )
    assert.deepEqual(await done(only, '--prune'), ['end group db', 'end group web'])
    assert.deepEqual(await groups(), [['all', 'alpha/db.raw']])
    const { json } = await holdfast.ok<Source[]>('source', 'list')
    assert.deepEqual(
      json.map(({ replicaState, points }) => [replicaState, points]),
      [
        ['ok', 1],
        ['inactive', 1],
        ['inactive', 1],
      ],
    )
  })
})
