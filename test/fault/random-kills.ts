import assert from 'node:assert/strict'
import { randomFillSync } from 'node:crypto'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { seededChoice, type Choice } from '../catalog/seeded-choice.ts'
import type { JobAnswer, PointAnswer } from '../support/answers.ts'
import { CHUNK, rewriteChunk } from '../support/raw-disk.ts'
import { Scene, until } from '../support/scene.ts'

const SOURCE = 'alpha/disk.raw'
const CHUNKS = 160
/** A transfer of this image takes about so long: kills fall anywhere in it, and a little after. */
const LONGEST_WAIT_MS = 1500

interface StorageAnswer {
  readonly storedBytes: number
  readonly reclaimableBytes: number
}

/** Points that were told as made, and what the disk was then: they must hold, whatever happens. */
class Oracle {
  readonly scene: Scene
  readonly choice: Choice
  readonly told = new Map<string, Buffer>()

  constructor(scene: Scene, choice: Choice) {
    this.scene = scene
    this.choice = choice
  }

  get image(): string {
    return this.scene.image('disk.raw')
  }

  /** One transfer, and a SIGKILL somewhere in it. */
  async round(): Promise<void> {
    await this.#settled()
    for (let n = 1 + this.choice.below(50); n > 0; n--)
      await rewriteChunk(this.image, this.choice.below(CHUNKS), this.choice.below(1e9))
    const content = await readFile(this.image)
    const asked = this.scene.create(SOURCE)
    await wait(this.choice.below(LONGEST_WAIT_MS))
    await this.#kill()
    const { status, json } = await asked
    const id = json?.[0]?.point?.id
    if (status === 0 && id !== undefined) this.told.set(id, content)
    else await this.#again(content)
  }

  async #kill(): Promise<void> {
    const victim = this.choice.of(['server', 'agent', 'both'] as const)
    const { server, agents } = this.scene.holdfast
    const processes = { server: [server], agent: [agents.get('alpha')] }
    const both = [...processes.server, ...processes.agent]
    for (const process of victim === 'both' ? both : processes[victim])
      await process?.kill('SIGKILL')
    if (victim !== 'agent') await this.scene.restartServer()
    if (victim !== 'server') await this.scene.restartAgent()
  }

  /** However often it has to be asked for: in the end there is a point of this content. */
  async #again(content: Buffer): Promise<void> {
    await until('a point after a kill', async () => {
      const { status, json } = await this.scene.create(SOURCE)
      const id = json?.[0]?.point?.id
      if (status !== 0 || id === undefined) return undefined
      this.told.set(id, content)
      return id
    })
  }

  /** What a killed client left running still reads the image. */
  async #settled(): Promise<void> {
    await until('all jobs to end', async () => {
      const { json } = await this.scene.holdfast.ok<JobAnswer[]>('job', 'list')
      return json.every(({ state }) => state !== 'running' && state !== 'queued') || undefined
    })
  }

  /** Deletes the oldest of what was told, and collects: a kill may fall into that as well. */
  async deleteOldest(): Promise<void> {
    const [oldest] = this.told.keys()
    if (oldest === undefined || this.told.size < 3) return
    this.told.delete(oldest)
    await this.scene.holdfast.ok('point', 'delete', oldest, '--yes')
    await this.scene.holdfast.ok('storage', 'collect', '--no-wait')
  }

  async check(most: number): Promise<void> {
    await this.#settled()
    const { json } = await this.scene.holdfast.ok<PointAnswer[]>('point', 'list')
    const ready = new Set(json.filter(({ state }) => state === 'ready').map(({ id }) => id))
    for (const id of this.told.keys()) assert.ok(ready.has(id), `${id} is ready`)
    for (const [id, content] of [...this.told].slice(-most)) {
      const bytes = await readFile(await this.scene.restored(id))
      assert.ok(bytes.equals(content), `${id} is what the disk was`)
    }
    const { status, json: verified } = await this.scene.verify()
    assert.deepEqual([status, verified.damaged], [0, []])
  }

  /** With all but the newest point gone, the store holds what that one needs, and nothing else. */
  async checkNoLeak(): Promise<void> {
    const { holdfast } = this.scene
    const { json: points } = await holdfast.ok<PointAnswer[]>('point', 'list')
    const [newest, ...others] = points.sort((a, b) => b.sequence - a.sequence)
    for (const { id } of others) await holdfast.ok('point', 'delete', id, '--yes')
    await holdfast.ok('storage', 'collect')
    await holdfast.ok('storage', 'compact')
    await holdfast.ok('storage', 'collect')
    const { storedBytes, reclaimableBytes } = (
      await holdfast.ok<StorageAnswer>('storage', 'status')
    ).json
    const files = await bytesBelow(holdfast.path('server', 'store', 'packs'))
    assert.equal(files, storedBytes, 'every pack is known')
    assert.equal(await bytesBelow(holdfast.path('server', 'store', 'trash')), 0)
    const most = 2 * CHUNKS * CHUNK // a pack that is half alive may stay
    assert.ok(storedBytes < most && reclaimableBytes < most / 2, `${storedBytes} stored`)
    const bytes = await readFile(await this.scene.restored(newest?.id ?? ''))
    assert.ok(bytes.equals(await readFile(this.image)))
  }
}

async function bytesBelow(folder: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size
  return bytes
}

/** Kills at moments that the seed chooses; a failure is repeated with HOLDFAST_TEST_SEED. */
export async function randomKills(t: TestContext, kills: number): Promise<void> {
  const seed = process.env['HOLDFAST_TEST_SEED'] ?? String(randomFillSync(new Uint32Array(1))[0])
  t.diagnostic(`HOLDFAST_TEST_SEED=${seed}`)
  const scene = await Scene.open(t, { serverArgs: ['--undo', '0', '--trash', '0'] })
  const oracle = new Oracle(scene, seededChoice(seed))
  await writeFile(oracle.image, randomFillSync(Buffer.alloc(CHUNKS * CHUNK + 1536)))
  await scene.sources(SOURCE)
  try {
    for (let round = 0; round < kills; round++) {
      if (round % 3 === 2) await oracle.deleteOldest()
      await oracle.round()
    }
    await oracle.check(8)
    await oracle.checkNoLeak()
  } catch (error) {
    throw new Error(`with HOLDFAST_TEST_SEED=${seed}`, { cause: error })
  }
}
