import assert from 'node:assert/strict'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { FAILPOINTS, type Failpoint } from '../../core/runtime/failpoint-names.ts'
import { Holdfast } from '../support/holdfast.ts'
import { rewriteChunk, writeRawDisk } from '../support/raw-disk.ts'

interface Started {
  readonly job: string | null
  readonly point: { readonly id: string } | null
}

const SOURCE = 'alpha/disk.raw'
const ofAgent = (name: Failpoint) => name.startsWith('agent.')
const inTransfer = FAILPOINTS.filter((name) => /^(agent|pack|segment|commit)\./.test(name))

/** A server, an agent and one image, and what the image was at each point that was told as made. */
class Scene {
  readonly holdfast: Holdfast
  readonly #told = new Map<string, Buffer>()
  #seed = 1
  #restores = 0

  constructor(holdfast: Holdfast) {
    this.holdfast = holdfast
  }

  get image(): string {
    return join(this.holdfast.images, 'disk.raw')
  }

  async change(): Promise<Buffer> {
    this.#seed++
    await rewriteChunk(this.image, this.#seed % 20, this.#seed)
    return readFile(this.image)
  }

  /** Makes a point, however often it has to be asked for; what the client was told must hold. */
  async point(content: Buffer): Promise<void> {
    for (let tries = 0; tries < 20; tries++) {
      const { json, status } = await this.holdfast.run<Started[]>('point', 'create', SOURCE)
      const id = json?.[0]?.point?.id
      if (status === 0 && id !== undefined) {
        this.#told.set(id, content)
        return
      }
    }
    throw new Error('no point could be made')
  }

  /** Every point that was told is listed, ready, and restores to the bytes of its time. */
  async check(last: number): Promise<void> {
    const listed = await this.holdfast.ok<{ id: string; state: string }[]>('point', 'list')
    const ready = new Set(listed.json.filter((p) => p.state === 'ready').map((p) => p.id))
    for (const id of this.#told.keys()) assert.ok(ready.has(id), `${id} was told and is ready`)
    for (const [id, content] of [...this.#told].slice(-last)) {
      const folder = this.holdfast.path('out', `${this.#restores++}`)
      await this.holdfast.ok('restore', id, '--to', 'alpha', '--path', folder, '--yes')
      const restored = await readFile(join(folder, 'disk.raw'))
      assert.ok(restored.equals(content), `${id} restores to the bytes of its time`)
    }
  }
}

async function begin(holdfast: Holdfast): Promise<Scene> {
  const scene = new Scene(holdfast)
  await mkdir(holdfast.path('out'))
  await holdfast.startServer()
  await holdfast.startAgent('alpha', {}, [
    ...['--images', holdfast.images],
    ...['--restore-root', holdfast.path('out')],
  ])
  await writeRawDisk(scene.image, { chunks: 40, tail: 1536, seed: 1 })
  await holdfast.source(SOURCE)
  return scene
}

test('a process killed at any step of a transfer loses nothing that was told', async (t) => {
  const holdfast = await Holdfast.create(t)
  const scene = await begin(holdfast)
  await scene.point(await readFile(scene.image))
  for (const name of inTransfer)
    await t.test(name, async () => {
      const armed = { HOLDFAST_FAILPOINTS: `${name}=kill` }
      const content = await scene.change()
      const victim = ofAgent(name)
        ? await restartAgent(holdfast, armed)
        : await restartServer(holdfast, armed)
      const asked = holdfast.run<Started[]>('point', 'create', SOURCE)
      const { signal, stderr } = await victim.end()
      assert.equal(signal, 'SIGKILL', 'the failpoint was hit')
      assert.match(stderr, new RegExp(`failpoint ${name}: kill`))
      if (ofAgent(name)) await restartAgent(holdfast)
      else await restartServer(holdfast)
      await asked
      await scene.point(content)
      await scene.check(1)
    })
  await scene.check(100)
  const verified = await holdfast.ok<{ damaged: unknown[] }>('verify', '--all')
  assert.deepEqual(verified.json.damaged, [])
})

async function restartServer(holdfast: Holdfast, env: Record<string, string> = {}) {
  await holdfast.server?.kill('SIGTERM')
  return holdfast.startServer(env)
}

async function restartAgent(holdfast: Holdfast, env: Record<string, string> = {}) {
  await holdfast.agents.get('alpha')?.kill('SIGTERM')
  return holdfast.startAgent('alpha', env, [
    ...['--images', holdfast.images],
    ...['--restore-root', holdfast.path('out')],
  ])
}
