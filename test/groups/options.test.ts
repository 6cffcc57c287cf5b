import assert from 'node:assert/strict'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import type { Group, Job, Point } from '../../cli/reply.ts'
import { writeRawDisk } from '../support/raw-disk.ts'
import { Scene, until } from '../support/scene.ts'

interface Started {
  readonly job: string | null
  readonly point: Point | null
  readonly error: { readonly code: string; readonly message: string } | null
}

/** What a group says of how its jobs are done, seen at the agent and in the points. */
test('options of a group reach its jobs', async (t) => {
  const scene = await Scene.open(t, { hosts: [] })
  const { holdfast } = scene
  await mkdir(holdfast.images, { recursive: true })
  const scripts = holdfast.path('scripts')
  await mkdir(scripts, { mode: 0o700 })
  const said = holdfast.path('said')
  const script = async (name: string, text: string, mode = 0o700) => {
    await writeFile(join(scripts, name), `#!/bin/sh\n${text}\n`)
    await chmod(join(scripts, name), mode)
  }
  await script('before', `echo "before $HOLDFAST_KIND" >> ${said}`)
  await script('after', `echo "after $HOLDFAST_RESULT" >> ${said}`)
  for (const [i, name] of ['root.raw', 'swap.raw'].entries())
    await writeRawDisk(scene.image(name), { chunks: 40, tail: 513, seed: i + 1 })
  const both = `both=${scene.image('root.raw')},${scene.image('swap.raw')}`
  await holdfast.startAgent('alpha', {}, ['--source', both, '--scripts', scripts])
  await scene.sources('alpha/both')

  const create = ['group', 'create', 'g', '--member', 'alpha/both', '--points', 'none', '--yes']
  const options = ['--exclude-disk', 'swap.raw', '--pre-script', 'before', '--post-script', 'after']
  await holdfast.ok<Group>(...create, ...options, '--initial', '2099-01-01')
  const point = async () =>
    (await holdfast.run<Started[]>('point', 'create', '--group', 'g')).json[0]!

  await t.test('a disk is left out, scripts run before and after', async () => {
    const made = await point()
    assert.deepEqual(
      made.point?.disks.map((disk) => disk.name),
      ['root.raw'],
    )
    await until('the script after', async () => {
      const text = await readFile(said, 'utf8')
      return text === 'before point\nafter completed\n' ? text : undefined
    })
  })

  await t.test('a script that fails, or that others may write, stops the job', async () => {
    await script('refuses', 'echo "the application does not stop" >&2; exit 3')
    await script('open', 'exit 0', 0o777)
    const cases: [string, RegExp][] = [
      ['refuses', /ended with 3: the application does not stop/],
      ['open', /written by others/],
      ['absent', /cannot be run/],
    ]
    for (const [name, message] of cases) {
      await holdfast.ok('group', 'update', 'g', '--pre-script', name, '--yes')
      const { error } = await point()
      assert.equal(error?.code, 'script-failed')
      assert.match(error.message, message)
    }
    await holdfast.ok('group', 'update', 'g', '--pre-script', 'before', '--yes')
  })

  await t.test('a limit holds, and another one acts on the job that runs', async () => {
    await writeRawDisk(scene.image('root.raw'), { chunks: 40, tail: 513, seed: 9 })
    await holdfast.ok('group', 'update', 'g', '--rate', '1KiB', '--yes')
    const started = await holdfast.ok<Started[]>('point', 'create', '--group', 'g', '--no-wait')
    const id = started.json[0]?.job ?? ''
    await scene.job(id, (job) => job.state === 'running')
    // At this rate it would take an hour.
    await holdfast.ok('group', 'update', 'g', '--rate', 'none', '--yes')
    const ended = await holdfast.ok<Job>('job', 'watch', id)
    assert.equal(ended.json.state, 'completed')
    assert.ok((ended.json.point?.sentBytes ?? 0) > 1 << 20)
  })
})
