import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import test from 'node:test'
import type { PointAnswer, StartedAnswer } from '../support/answers.ts'
import { flipBit, packFiles, type PackFile } from '../support/pack-bytes.ts'
import { CHUNK, rewriteChunk, writeRawDisk } from '../support/raw-disk.ts'
import { Scene } from '../support/scene.ts'

const SOURCE = 'alpha/disk.raw'
const CHUNKS = 30

class Damaged {
  readonly scene: Scene
  #seed = 1

  constructor(scene: Scene) {
    this.scene = scene
  }

  get image(): string {
    return this.scene.image('disk.raw')
  }

  /** Writes the whole image anew, so that its next point has a pack of its own. */
  async freshPoint(): Promise<{ point: PointAnswer; right: Buffer; pack: PackFile }> {
    await writeRawDisk(this.image, { chunks: CHUNKS, tail: 1536, seed: ++this.#seed * 100 })
    await this.scene.sources(SOURCE)
    const point = await this.scene.point(SOURCE)
    const pack = (await packFiles(this.scene.holdfast.path('server', 'store'))).at(-1)
    assert.ok(pack)
    return { point, right: await readFile(this.image), pack }
  }

  /** A restore that meets the damage: it says where, and leaves nothing behind. */
  async checkRefused(point: PointAnswer, offset?: number): Promise<void> {
    const { answer, folder } = await this.scene.tryRestore(point.id)
    assert.equal(answer.status, 1)
    const { error, files } = answer.json
    assert.match(error?.code ?? '', /^(chunk-damaged|chunk-missing|pack-damaged|point-damaged)$/)
    const message = error?.message ?? ''
    assert.ok(message.includes('disk.raw'), message)
    assert.ok(message.includes(point.id), message)
    if (offset !== undefined) assert.ok(message.includes(String(offset)), message)
    assert.deepEqual(files, [])
    assert.ok(!existsSync(folder), 'no file is left')
  }

  /** A check sends what is damaged anew; then a further point is right, and verifies. */
  async heal(least: number, most: number): Promise<void> {
    const { holdfast } = this.scene
    const checked = (await holdfast.ok<StartedAnswer[]>('check', SOURCE)).json[0]
    assert.ok((checked?.differingChunks ?? 0) >= least, JSON.stringify(checked))
    assert.ok((checked?.sentBytes ?? 0) > 0 && (checked?.sentBytes ?? 0) < most)
    const point = await this.scene.point(SOURCE)
    assert.equal(point.state, 'ready')
    const restored = await readFile(await this.scene.restored(point.id))
    assert.ok(restored.equals(await readFile(this.image)))
    const { status, json } = await this.scene.verify(point.id)
    assert.deepEqual([status, json.damaged], [0, []])
  }
}

test('stored bytes that change are found, never handed out, and healed', async (t) => {
  const damaged = new Damaged(await Scene.open(t))
  const { scene } = damaged
  await scene.holdfast.ok('status')

  await t.test('one bit of a chunk, found by a restore', async () => {
    const { point, pack } = await damaged.freshPoint()
    await rewriteChunk(damaged.image, 20, 4711)
    const later = await scene.point(SOURCE)
    const record = pack.records[11] // chunks 3 and 8 and 13 are holes
    await flipBit(pack.path, (record?.storedOffset ?? 0) + 77)
    await damaged.checkRefused(point, 14 * CHUNK)
    const { status, json } = await scene.verify()
    assert.equal(status, 1)
    const found = json.damaged.map(({ point: id, source, disk, offset, length }) => {
      assert.deepEqual([source, disk, offset, length], [SOURCE, 'disk.raw', 14 * CHUNK, CHUNK])
      return id
    })
    assert.deepEqual(found.sort(), [point.id, later.id].sort(), 'every point that reads it')
    await damaged.heal(1, 2 * CHUNK)
  })

  await t.test('one bit of a record header, found by verify', async () => {
    const { point, pack } = await damaged.freshPoint()
    const record = pack.records[5]
    await flipBit(pack.path, (record?.offset ?? 0) + 30)
    const { status, json } = await scene.verify(point.id)
    assert.equal(status, 1)
    const ranges = json.damaged.map(({ point: id, offset }) => [id, offset])
    assert.deepEqual(ranges, [[point.id, 6 * CHUNK]])
    await damaged.checkRefused(point, 6 * CHUNK)
    await damaged.heal(1, 2 * CHUNK)
  })

  await t.test(
    'one bit of what surrounds the chunks: found, and the chunks are still right',
    async () => {
      const { point, pack, right } = await damaged.freshPoint()
      for (const at of [40, pack.footerOffset + 100, pack.bytes - 20]) {
        await flipBit(pack.path, at)
        const { status, stderr } = await scene.verify(point.id)
        assert.equal(status, 1, `byte ${at}`)
        assert.match(stderr, /pack /)
        assert.ok((await readFile(await scene.restored(point.id))).equals(right))
        await flipBit(pack.path, at)
      }
      assert.equal((await scene.verify(point.id)).status, 0)
      const { json } = await scene.holdfast.ok<{ type: string }[]>('alert', 'list')
      assert.ok(!json.some(({ type }) => type === 'pack-damaged'), 'nobody is alarmed any more')
    },
  )

  await t.test('a pack that is gone', async () => {
    const { point, pack } = await damaged.freshPoint()
    await rm(pack.path)
    await damaged.checkRefused(point)
    const { status, json } = await scene.verify(point.id)
    assert.equal(status, 1)
    const lost = json.damaged.reduce((sum, { length }) => sum + length, 0)
    assert.equal(lost, 23 * CHUNK + 1536, 'all but the holes')
    await damaged.heal(24, CHUNKS * CHUNK)
  })
})
