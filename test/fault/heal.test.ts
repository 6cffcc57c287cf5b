import assert from 'node:assert/strict'
import { mkdir, readFile, rm } from 'node:fs/promises'
import test from 'node:test'
import type { PointAnswer, StartedAnswer } from '../support/answers.ts'
import { Child } from '../support/child.ts'
import { Holdfast } from '../support/holdfast.ts'
import { flipBit, packFiles } from '../support/pack-bytes.ts'
import { rewriteChunk, writeRawDisk } from '../support/raw-disk.ts'
import { Scene } from '../support/scene.ts'

const SOURCE = 'alpha/web'
const B = { chunks: 30, tail: 1536, seed: 70 }

/** Two disks as one source; the newest content of `b` differs from that of the first point. */
class Damaged {
  readonly scene: Scene
  /** Ids, and what disk `b` has to be in each. */
  readonly right: [string, Buffer][] = []

  constructor(scene: Scene) {
    this.scene = scene
  }

  get b(): string {
    return this.scene.image('b.raw')
  }

  get store(): string {
    return this.scene.holdfast.path('store')
  }

  async point(...args: string[]): Promise<PointAnswer> {
    const { json } = await this.scene.holdfast.ok<StartedAnswer[]>('point', 'create', ...args)
    const point = json[0]?.point
    assert.ok(point)
    this.right.push([point.id, await readFile(this.b)])
    return point
  }

  /** One bit of what was stored for one chunk of disk `b`. */
  async flip(record: number): Promise<void> {
    const pack = (await packFiles(this.store))[0]
    const disks = pack?.records.length ?? 0
    await flipBit(pack?.path ?? '', (pack?.records[disks - 24 + record]?.storedOffset ?? 0) + 50)
  }

  async states(): Promise<string[]> {
    const { json } = await this.scene.holdfast.ok<PointAnswer[]>('point', 'list')
    const states = new Map(json.map(({ id, state }) => [id, state]))
    return this.right.map(([id]) => states.get(id) ?? 'gone')
  }

  async checkRestores(): Promise<void> {
    for (const [id, right] of [...this.right.slice(0, 2), ...this.right.slice(-1)]) {
      const folder = this.scene.restoreFolder()
      const to = ['--to', 'alpha', '--path', folder, '--disk', 'b.raw', '--yes']
      const { json } = await this.scene.holdfast.ok<{ files: string[] }>('restore', id, ...to)
      assert.ok((await readFile(json.files[0] ?? '')).equals(right), id)
    }
    const { status, json } = await this.scene.verify()
    assert.deepEqual([status, json.damaged], [0, []])
  }

  /** The newest content of the source is in the store again. */
  async check(): Promise<void> {
    const { json } = await this.scene.holdfast.ok<StartedAnswer[]>('check', SOURCE)
    assert.equal(json[0]?.error, null)
    const kept = json[0].point
    if (kept) this.right.push([kept.id, await readFile(this.b)])
  }
}

test('a check heals every point that named what was damaged, derived ones too', async (t) => {
  const holdfast = await Holdfast.create(t)
  const serverArgs = ['--store', holdfast.path('store')]
  const scene = await Scene.over(holdfast, { hosts: [], serverArgs })
  const damaged = new Damaged(scene)
  const { b } = damaged
  await mkdir(holdfast.images)
  await writeRawDisk(scene.image('a.raw'), { ...B, seed: 7 })
  await writeRawDisk(b, B)
  await holdfast.startAgent('alpha', {}, ['--source', `web=${scene.image('a.raw')},${b}`])
  await scene.sources(SOURCE)
  const first = await damaged.point(SOURCE)
  await damaged.point('--from', first.id, '--disk', 'b.raw')
  await rewriteChunk(b, 20, 4711)
  await damaged.point(SOURCE)

  await t.test('what the source still has: all three', async () => {
    await damaged.flip(9)
    assert.equal((await scene.verify()).status, 1)
    assert.deepEqual(await damaged.states(), ['damaged', 'damaged', 'damaged'])
    const { json } = await holdfast.run<{ ok: boolean; problems: string[] }>('status')
    assert.match(JSON.stringify(json), /1 stored chunk is damaged/)
    await damaged.check()
    assert.ok((await damaged.states()).every((state) => state === 'ready'))
    await damaged.checkRestores()
    const alerts = (await holdfast.ok<{ type: string; state: string }[]>('alert', 'list')).json
    assert.deepEqual(
      alerts.filter(({ type }) => type === 'stored-data-damaged').map(({ state }) => state),
      [],
    )
    assert.doesNotMatch((await holdfast.run('status')).stdout, /damaged/)
  })

  await t.test(
    'what it has not any more: those that need it stay damaged, and say so',
    async () => {
      await damaged.flip(16) // chunk 20, rewritten since
      assert.equal((await scene.verify()).status, 1)
      await damaged.check()
      const [one, derived, ...later] = await damaged.states()
      assert.deepEqual([one, derived], ['damaged', 'damaged'])
      assert.ok(later.every((state) => state === 'ready'))
      await damaged.flip(16)
      assert.equal((await scene.verify()).status, 0, 'and are ready once it reads well again')
      assert.ok((await damaged.states()).every((state) => state === 'ready'))
    },
  )

  await t.test('what was healed stays so when the catalog is rebuilt from the store', async () => {
    await holdfast.server?.kill('SIGTERM')
    await rm(holdfast.path('server', 'postgres'), { recursive: true })
    const data = ['--data', holdfast.path('server'), ...serverArgs]
    const rebuilt = await new Child(['server', 'rebuild', '--json', ...data, '--yes']).end()
    assert.equal(rebuilt.status, 0, rebuilt.stderr)
    await holdfast.startServer({}, serverArgs)
    await damaged.checkRestores()
    assert.ok((await damaged.states()).every((state) => state === 'ready'))
  })
})
