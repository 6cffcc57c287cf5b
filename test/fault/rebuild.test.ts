import assert from 'node:assert/strict'
import { cp, readFile, rename, rm } from 'node:fs/promises'
import test from 'node:test'
import type { PointAnswer, RefusedAnswer } from '../support/answers.ts'
import { Child } from '../support/child.ts'
import { Holdfast } from '../support/holdfast.ts'
import { rewriteChunk, writeRawDisk } from '../support/raw-disk.ts'
import { Scene } from '../support/scene.ts'

interface StatusAnswer {
  readonly ok: boolean
  readonly database: { readonly mode?: string }
  readonly store: { readonly reason?: string | null }
}

/** A store beside the data folder, and points of every kind in it. */
class Lost {
  readonly scene: Scene
  readonly #right = new Map<string, Buffer>()

  constructor(scene: Scene) {
    this.scene = scene
  }

  get image(): string {
    return this.scene.image('disk.raw')
  }

  get storeArgs(): string[] {
    return ['--store', this.scene.holdfast.path('store')]
  }

  async point(...more: string[]): Promise<PointAnswer> {
    await rewriteChunk(this.image, this.#right.size % 20, 1000 + this.#right.size)
    const point = await this.scene.point('alpha/disk.raw', ...more)
    this.#right.set(point.id, await readFile(this.image))
    return point
  }

  async points(): Promise<PointAnswer[]> {
    const { json } = await this.scene.holdfast.ok<PointAnswer[]>('point', 'list')
    // What was verified has to be verified anew after a loss: nothing is claimed.
    return json.map((point) => ({ ...point, verifiedAt: null }))
  }

  async checkRestores(points: readonly PointAnswer[]): Promise<void> {
    for (const { id } of points) {
      const bytes = await readFile(await this.scene.restored(id))
      assert.ok(bytes.equals(this.#right.get(id) ?? Buffer.of()), `${id} is as it was`)
    }
  }

  async stop(): Promise<void> {
    await this.scene.holdfast.server?.kill('SIGTERM')
  }

  /** A command of the server's own, without a server that runs. */
  async serverCommand(command: string, ...more: string[]) {
    const { holdfast } = this.scene
    const args = ['server', command, '--json', '--data', holdfast.path('server')]
    const ended = await new Child([...args, ...this.storeArgs, ...more]).end()
    return { ...ended, json: JSON.parse(ended.stdout) as RefusedAnswer & { versions?: number } }
  }

  /** Gives how many versions the catalog did not have. */
  async rebuild(): Promise<number> {
    const { status, stderr, json } = await this.serverCommand('rebuild', '--yes')
    assert.equal(status, 0, stderr)
    return json.versions ?? -1
  }

  /** The same points, and a next one that compares: nobody enrolled anew, nothing is sent anew. */
  async checkBack(before: readonly PointAnswer[]): Promise<void> {
    assert.deepEqual(await this.points(), before)
    const next = await this.point()
    assert.equal(next.disks[0]?.transferMode, 'compared')
    assert.ok(before.every(({ sequence }) => sequence < next.sequence))
    assert.ok(next.sentBytes < 300_000, `sent ${next.sentBytes}`)
    await this.checkRestores([next, ...before.slice(0, 2)])
    assert.equal((await this.scene.verify()).status, 0)
  }
}

test('a catalog that is lost or old comes back from its store', async (t) => {
  const holdfast = await Holdfast.create(t)
  const scene = await Scene.over(holdfast, { serverArgs: ['--store', holdfast.path('store')] })
  const lost = new Lost(scene)
  await writeRawDisk(lost.image, { chunks: 60, tail: 1536, seed: 1 })
  await scene.sources('alpha/disk.raw')
  const first = await lost.point('--label', 'the first', '--protect')
  const second = await lost.point('--expires', '30d')
  const gone = await lost.point()
  await holdfast.ok('point', 'comment', second.id, 'before the upgrade — äöü')
  await holdfast.ok('point', 'delete', gone.id, '--yes')

  await t.test('the database is gone', async () => {
    const before = await lost.points()
    await lost.stop()
    await rm(holdfast.path('server', 'postgres'), { recursive: true })
    const refused = await lost.serverCommand(
      'run',
      '--listen',
      '127.0.0.1:0',
      '--agents',
      '127.0.0.1:0',
    )
    assert.equal(refused.status, 1)
    assert.match(refused.json.error.code, /^store-|^catalog-/)
    assert.match(refused.stderr, /rebuild/)
    assert.ok((await lost.rebuild()) >= before.length)
    await scene.holdfast.startServer({}, scene.serverArgs)
    await lost.checkBack(before)
  })

  await t.test('the whole data folder is gone', async () => {
    const before = await lost.points()
    await lost.stop()
    await rm(holdfast.path('server'), { recursive: true })
    assert.ok((await lost.rebuild()) >= before.length)
    await scene.holdfast.startServer({}, scene.serverArgs)
    await lost.checkBack(before)
    const deleted = await holdfast.run('restore', gone.id, '--original', '--plan')
    assert.equal(deleted.status, 1, 'what was deleted stays deleted')
  })

  await t.test('it is a copy older than the store', async () => {
    await lost.stop()
    const cluster = holdfast.path('server', 'postgres')
    await cp(cluster, holdfast.path('copy'), { recursive: true, preserveTimestamps: true })
    await scene.holdfast.startServer({}, scene.serverArgs)
    await lost.point()
    await lost.point('--label', 'newest')
    const before = await lost.points()
    await lost.stop()
    await rm(cluster, { recursive: true })
    await rename(holdfast.path('copy'), cluster)
    await scene.holdfast.startServer({}, scene.serverArgs)

    const { stdout } = await holdfast.run<StatusAnswer>('status')
    assert.match(stdout, /read-only/)
    const created = await scene.create('alpha/disk.raw')
    assert.equal(created.status, 1)
    assert.match(created.stdout, /catalog-older-than-store/)
    const collected = await holdfast.run<RefusedAnswer>('storage', 'collect')
    assert.equal(collected.status, 1)
    assert.match(collected.stdout, /catalog-older-than-store/)
    const deleted = await holdfast.run('point', 'delete', second.id, '--yes')
    assert.equal(deleted.status, 1)
    await lost.checkRestores([first])

    await lost.stop()
    assert.equal(await lost.rebuild(), 2)
    await scene.holdfast.startServer({}, scene.serverArgs)
    await lost.checkBack(before)
  })
})
