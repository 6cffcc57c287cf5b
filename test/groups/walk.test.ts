import assert from 'node:assert/strict'
import test from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { Group, GroupPlan, Job, Point, RetentionPreview, Source } from '../../cli/reply.ts'
import { writeRawDisk } from '../support/raw-disk.ts'
import { Scene, until } from '../support/scene.ts'

/** A group through the command line, against real processes, in the order in which people meet it. */
test('a group protects its members by itself', async (t) => {
  const scene = await Scene.open(t)
  const { holdfast } = scene
  for (const [i, name] of ['db.raw', 'web-1.raw', 'web-2.raw'].entries())
    await writeRawDisk(scene.image(name), { chunks: 5, tail: 513, seed: i + 1 })
  await scene.sources('alpha/db.raw', 'alpha/web-1.raw', 'alpha/web-2.raw')
  const create = ['group', 'create', 'daily', '--member', 'alpha/db.raw', '--match', 'name:web-1*']
  const wish = [...create, '--points', '08:00,20:00', '--retain', '14d', '--keep', 'weekly=4']

  await t.test('shows a plan and does nothing without a yes', async () => {
    const plan = await holdfast.ok<GroupPlan>(...wish, '--plan')
    assert.deepEqual(
      plan.json.added.map(({ source, action, byRule }) => [source, action, byRule]),
      [
        ['alpha/db.raw', 'initial-replication', false],
        ['alpha/web-1.raw', 'initial-replication', true],
      ],
    )
    assert.ok(plan.json.initialBytes > 0 && plan.json.freeBytes > 0)
    const refused = await holdfast.run<{ error: { code: string } }>(...wish)
    assert.equal(refused.status, 2)
    assert.equal(refused.json.error.code, 'confirmation-needed')
    assert.deepEqual((await holdfast.ok<Group[]>('group', 'list')).json, [])
  })

  await t.test('replicates its members at once', async () => {
    const made = (await holdfast.ok<Group>(...wish, '--yes')).json
    assert.deepEqual(
      made.members.map((member) => member.source),
      ['alpha/db.raw', 'alpha/web-1.raw'],
    )
    assert.equal(made.settings?.keep, 'weekly=4')
    const points = await pointsOf(2)
    assert.deepEqual(points.map((point) => point.source).sort(), [
      'alpha/db.raw',
      'alpha/web-1.raw',
    ])
    const jobs = (await holdfast.ok<Job[]>('job', 'list', '--group', 'daily')).json
    assert.deepEqual(
      jobs.map(({ kind, group, requestedBy }) => [kind, group, requestedBy]),
      Array(2).fill(['initial-replication', 'daily', 'schedule']),
    )
  })

  async function pointsOf(count: number): Promise<Point[]> {
    for (let tries = 0; tries < 100; tries++) {
      const points = (await holdfast.ok<Point[]>('point', 'list', '--group', 'daily')).json
      if (points.length >= count) return points
      await wait(200)
    }
    throw new Error(`there are no ${count} points`)
  }

  await t.test('a source is in one group at most, and what is in none is listed', async () => {
    const twice = await holdfast.run<{ error: { code: string; message: string } }>(
      ...['group', 'create', 'other', '--member', 'alpha/db.raw', '--yes'],
    )
    assert.equal(twice.status, 1)
    assert.equal(twice.json.error.code, 'already-exists')
    assert.match(twice.json.error.message, /daily/)
    const free = await holdfast.ok<Source[]>('source', 'list', '--unprotected')
    assert.deepEqual(
      free.json.map((source) => source.name),
      ['alpha/web-2.raw'],
    )
  })

  await t.test('commands take a group for its members', async () => {
    const made = await holdfast.ok<{ source: string; point: Point }[]>(
      ...['point', 'create', '--group', 'daily', '--label', 'by-hand'],
    )
    assert.deepEqual(
      made.json.map((entry) => [entry.source, entry.point.label]),
      [
        ['alpha/db.raw', 'by-hand'],
        ['alpha/web-1.raw', 'by-hand'],
      ],
    )
    const checks = await holdfast.ok<{ differingChunks: number }[]>('check', '--group', 'daily')
    assert.deepEqual(
      checks.json.map((entry) => entry.differingChunks),
      [0, 0],
    )
    const few = await holdfast.ok<unknown[]>('check', '--group', 'daily', '--inconsistent')
    assert.deepEqual(few.json, [], 'none of them is')
    const wrong = await holdfast.run('check', 'alpha/db.raw', '--inconsistent')
    assert.equal(wrong.status, 2)
  })

  await t.test('says what its rules keep and why', async () => {
    const real = await holdfast.ok<RetentionPreview['decisions']>(
      ...['storage', 'retention-preview', '--group', 'daily'],
    )
    assert.deepEqual(
      real.json.map(({ source, keep, reason }) => [source, keep, reason]),
      ['alpha/db.raw', 'alpha/web-1.raw'].flatMap((name) => [
        [name, true, 'labelled'],
        [name, true, 'in-range'],
      ]),
    )
    const year = await holdfast.ok<RetentionPreview['decisions']>(
      ...['storage', 'retention-preview', '--simulate', 'retain=2d,daily=3,weekly=2'],
      ...['--points', '12:00', '--timezone', 'Europe/Berlin'],
    )
    const kept = year.json.filter((decision) => decision.keep).map((decision) => decision.reason)
    assert.deepEqual(kept, ['in-range', 'in-range', 'daily', 'weekly', 'weekly'])
    assert.equal(year.json.length, 365)
  })

  await t.test('protection stops, keeps its points, and goes on with a check', async () => {
    const leave = ['group', 'remove', 'daily', 'alpha/db.raw']
    assert.equal((await holdfast.run(...leave, '--yes')).status, 2)
    await holdfast.ok(...leave, '--keep-points', '--yes')
    const source = (await holdfast.ok<Source>('source', 'show', 'alpha/db.raw')).json
    assert.deepEqual([source.group, source.replicaState, source.points], [null, 'inactive', 2])
    await holdfast.ok('group', 'add', 'daily', 'alpha/db.raw', '--yes')
    const check = await until('a check', async () => {
      const jobs = await holdfast.ok<Job[]>('job', 'list', '--source', 'alpha/db.raw')
      return jobs.json.find(
        ({ kind, requestedBy, state }) =>
          kind === 'consistency-check' && requestedBy === 'schedule' && state === 'completed',
      )
    })
    assert.equal(check.check?.differingChunks, 0)
    const again = (await holdfast.ok<Source>('source', 'show', 'alpha/db.raw')).json
    assert.deepEqual([again.group, again.replicaState, again.points], ['daily', 'ok', 2])
  })

  await t.test('protection stops and deletes its points, which can be undone', async () => {
    await holdfast.ok(...['group', 'remove', 'daily', 'alpha/db.raw', '--delete-points', '--yes'])
    const all = await holdfast.ok<Point[]>(
      ...['point', 'list', '--source', 'alpha/db.raw', '--state', 'deleted'],
    )
    assert.equal(all.json.length, 2)
    await holdfast.ok('point', 'undelete', all.json[0]!.id)
  })

  await t.test('wrong wishes are told with what is wrong', async () => {
    const cases: [string[], RegExp][] = [
      [['--timezone', 'Mars/Olympus'], /time zone/],
      [['--sync', '45m', '--points', '13:00,13:30'], /45 minutes apart/],
      [['--retain', '449d'], /448/],
      [['--sync', '20m'], /20 minutes/],
      [['--check', 'sometimes'], /no schedule/],
      [['--match', 'colour:red'], /"colour" is no kind of rule .*name:colour:red/],
    ]
    for (const [more, message] of cases) {
      const answer = await holdfast.run<{ error: { code: string; message: string; hint: string } }>(
        ...['group', 'create', 'wrong', ...more, '--yes'],
      )
      assert.equal(answer.status, 1)
      assert.equal(answer.json.error.code, 'invalid-argument')
      assert.match(`${answer.json.error.message} ${answer.json.error.hint}`, message)
    }
    assert.equal(
      (await holdfast.run('group', 'create', 'w', '--points', '25:00', '--yes')).status,
      2,
    )
    assert.equal((await holdfast.run('group', 'show', 'none')).status, 1)
    const stranger = await holdfast.run<{ error: { message: string } }>(
      ...['group', 'remove', 'daily', 'alpha/db.raw', '--keep-points', '--yes'],
    )
    assert.match(stranger.json.error.message, /^alpha\/db\.raw is not in/)
  })

  await t.test('a group ends, and its members keep their points', async () => {
    await holdfast.ok('group', 'delete', 'daily', '--yes')
    const source = (await holdfast.ok<Source>('source', 'show', 'alpha/web-1.raw')).json
    assert.deepEqual([source.group, source.replicaState, source.points], [null, 'inactive', 2])
  })
})
