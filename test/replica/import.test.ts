import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { cp, open, readFile, readdir, truncate, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import type { Job, Source } from '../../cli/reply.ts'
import { MANIFEST, partPath } from '../../core/replica/layout.ts'
import { rewriteChunk } from '../support/raw-disk.ts'
import { Scene, until } from '../support/scene.ts'

const MIB = 2 ** 20

interface Exported {
  readonly source: string
  readonly parts: number
}

interface Imported {
  readonly job: string
  readonly source: string
  readonly check: string
  readonly error: { code: string; message: string } | null
}

interface Refused {
  readonly error: { code: string; message: string }
}

/** Two packs and three parts; random bytes do not compress. */
async function writeImage(path: string): Promise<void> {
  await writeFile(
    path,
    Buffer.concat([randomBytes(80 * MIB), Buffer.alloc(8 * MIB, 0), randomBytes(777)]),
  )
}

function exportOf({ holdfast }: Scene, source: string, folder: string, host = 'alpha') {
  const data = ['--data', holdfast.path(`agent-${host}`)]
  return holdfast.local<Exported>('agent', 'export-replica', source, folder, ...data)
}

test('a first replica travels on a drive, is checked, and is a point then', async (t) => {
  const scene = await Scene.open(t)
  const { holdfast } = scene
  const image = scene.image('web.raw')
  await writeImage(image)
  await scene.sources('alpha/web.raw')
  const media = holdfast.path('drive')
  const source = async () => (await holdfast.ok<Source>('source', 'show', 'alpha/web.raw')).json
  const refused = async (folder: string) =>
    (await holdfast.run<Refused>('server', 'import-replica', folder)).json.error

  await t.test('a group that waits for it reads nothing by itself', async () => {
    const members = ['--member', 'alpha/web.raw', '--initial', 'manual', '--points', '03:00']
    await holdfast.ok('group', 'create', 'far', ...members, '--yes')
    assert.equal((await source()).replicaState, 'manual-pending')
    assert.deepEqual((await holdfast.ok<Job[]>('job', 'list')).json, [])
  })

  await t.test('it is exported beside the agent that runs', async () => {
    const { json, status, stderr } = await exportOf(scene, 'alpha/web.raw', media)
    assert.equal(status, 0, stderr)
    assert.equal(json.source, 'alpha/web.raw')
    assert.equal(json.parts, 3)
    const none = await exportOf(scene, 'none.raw', holdfast.path('nowhere'))
    assert.equal(none.status, 1)
    assert.match(none.stderr, /offers no none\.raw/)
  })

  await t.test('media that are not whole, not right or not ours are refused', async () => {
    const copy = holdfast.path('copy')
    await cp(media, copy, { recursive: true })
    const second = join(copy, partPath(1))

    assert.equal((await refused(holdfast.path('nothing'))).code, 'not-found')
    await truncate(second, 1000)
    const cut = await refused(copy)
    assert.equal(cut.code, 'media-damaged')
    assert.match(cut.message, /000001\.part is damaged: it has 1000 bytes of \d+/)
    await unlink(second)
    const gone = await refused(copy)
    assert.equal(gone.code, 'media-incomplete')
    assert.match(gone.message, /000001\.part is missing/)

    await cp(join(media, partPath(1)), second)
    const file = await open(second, 'r+')
    await file.write(Buffer.from([1, 2, 3]), 0, 3, 5_000_000)
    await file.close()
    const changed = await refused(copy)
    assert.equal(changed.code, 'media-damaged')
    assert.match(changed.message, /000001\.part is damaged: it is not as it was written/)
    assert.equal((await source()).replicaState, 'missing')
    assert.deepEqual((await holdfast.ok<unknown[]>('point', 'list')).json, [])

    const manifest = join(copy, MANIFEST)
    const text = await readFile(manifest, 'utf8')
    await writeFile(manifest, text.replace('"sourceName": "web.raw"', '"sourceName": "db.raw"'))
    assert.match((await refused(copy)).message, /signature does not hold/)
    await unlink(manifest)
    assert.equal((await refused(copy)).code, 'not-found')
  })

  await t.test('media of another server are foreign', async (t) => {
    const other = await Scene.open(t)
    await writeFile(other.image('web.raw'), randomBytes(MIB))
    await other.sources('alpha/web.raw')
    const folder = other.holdfast.path('drive')
    assert.equal((await exportOf(other, 'web.raw', folder)).status, 0)
    assert.equal((await refused(folder)).code, 'media-foreign')
  })

  await t.test('a server that dies goes on with it by itself', async () => {
    await scene.restartServer({ HOLDFAST_FAILPOINTS: 'segment.after-rows=kill' })
    const started = holdfast.run('server', 'import-replica', media, '--no-wait')
    await until('the end of the server', () =>
      Promise.resolve(holdfast.server?.isRunning === true ? undefined : true),
    )
    await started
    await rewriteChunk(image, 3, 7)
    await scene.restartServer()
    const done = await until('the check', async () => {
      const { json } = await holdfast.ok<Job[]>('job', 'list', '--source', 'alpha/web.raw')
      return json.find(({ kind, state }) => kind === 'consistency-check' && state === 'completed')
    })
    assert.equal(done.check?.differingChunks, 1)
    const { json } = await holdfast.ok<Job[]>('job', 'list', '--source', 'alpha/web.raw')
    const [first] = json.filter(
      ({ kind, state }) => kind === 'initial-replication' && state === 'completed',
    )
    assert.ok(first, 'the import has ended well')
    const after = await source()
    assert.deepEqual([after.replicaState, after.points, after.group], ['ok', 1, 'far'])
    // What the run before the death had stored was not stored again.
    const storage = (await holdfast.ok<{ storedBytes: number }>('storage', 'status')).json
    assert.ok(storage.storedBytes < 84 * MIB, `${storage.storedBytes} bytes are stored`)
  })

  await t.test(
    'the point is what the source is, and media are for the first replica alone',
    async () => {
      const restored = await scene.restored('alpha/web.raw@latest')
      assert.ok((await readFile(restored)).equals(await readFile(image)))
      assert.equal((await refused(media)).code, 'already-exists')
      assert.deepEqual((await scene.verify()).json.damaged, [])
    },
  )
})

test('a replica that is as the source is becomes a point by its check', async (t) => {
  const scene = await Scene.open(t)
  const { holdfast } = scene
  await writeFile(
    scene.image('a.raw'),
    Buffer.concat([Buffer.alloc(3 * MIB), randomBytes(2 * MIB)]),
  )
  await scene.sources('alpha/a.raw')
  const media = holdfast.path('drive')
  await exportOf(scene, 'a.raw', media)
  assert.deepEqual((await readdir(media)).sort(), [MANIFEST, 'parts'])
  const { json } = await holdfast.ok<Imported>('server', 'import-replica', media)
  assert.deepEqual([json.source, json.error], ['alpha/a.raw', null])
  const check = await scene.job(json.check, ({ state }) => state === 'completed')
  assert.equal((check as unknown as Job).check?.differingChunks, 0)
  const source = (await holdfast.ok<Source>('source', 'show', 'alpha/a.raw')).json
  assert.deepEqual([source.replicaState, source.points], ['ok', 1])
  const restored = await scene.restored('alpha/a.raw@latest')
  assert.ok((await readFile(restored)).equals(await readFile(scene.image('a.raw'))))
})
