import assert from 'node:assert/strict'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { FAILPOINTS, type Failpoint } from '../../core/runtime/failpoint-names.ts'
import type { Child } from '../support/child.ts'
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
  readonly #asked: Promise<unknown>[] = []

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

  /** Asks for a point. What a client is told must hold, whatever dies around it. */
  async ask(content: Buffer): Promise<boolean> {
    const { json, status } = await this.holdfast.run<Started[]>('point', 'create', SOURCE)
    const id = json?.[0]?.point?.id
    if (status !== 0 || id === undefined) return false
    this.#told.set(id, content)
    return true
  }

  /** A client that still waits while the processes around it come and go. */
  later(asked: Promise<unknown>): void {
    this.#asked.push(asked)
  }

  async settle(): Promise<void> {
    await Promise.all(this.#asked.splice(0))
  }

  /** Makes a point, however often it has to be asked for. */
  async point(content: Buffer): Promise<void> {
    for (let tries = 0; tries < 20; tries++) if (await this.ask(content)) return
    throw new Error('no point could be made')
  }

  /** Every point that was told is listed, ready, and restores to the bytes of its time. */
  async check(): Promise<void> {
    const listed = await this.holdfast.ok<{ id: string; state: string }[]>('point', 'list')
    const ready = new Set(listed.json.filter((p) => p.state === 'ready').map((p) => p.id))
    for (const [id, content] of this.#told) {
      assert.ok(ready.has(id), `${id} was told and is ready`)
      const folder = this.holdfast.path('out', id)
      await this.holdfast.ok('restore', id, '--to', 'alpha', '--path', folder, '--yes')
      const restored = await readFile(join(folder, 'disk.raw'))
      assert.ok(restored.equals(content), `${id} restores to the bytes of its time`)
    }
  }
}

const folders = (holdfast: Holdfast) => [
  ...['--images', holdfast.images],
  ...['--restore-root', holdfast.path('out')],
]

async function begin(holdfast: Holdfast): Promise<Scene> {
  const scene = new Scene(holdfast)
  await mkdir(holdfast.path('out'))
  await holdfast.startServer()
  await holdfast.startAgent('alpha', {}, folders(holdfast))
  await writeRawDisk(scene.image, { chunks: 40, tail: 1536, seed: 1 })
  await holdfast.source(SOURCE)
  return scene
}

/** Each start is armed for the next step: what one kill cut is resumed, and cut again further on. */
async function killAtEach(
  t: TestContext,
  scene: Scene,
  names: readonly Failpoint[],
  restart: (env: Record<string, string>) => Promise<Child>,
): Promise<void> {
  const content = await scene.change()
  for (const name of names)
    await t.test(name, async () => {
      const victim = await restart({ HOLDFAST_FAILPOINTS: `${name}=kill` })
      const asked = scene.ask(content)
      const { signal, stderr } = await victim.end()
      assert.equal(signal, 'SIGKILL', 'the failpoint was hit')
      assert.match(stderr, new RegExp(`failpoint ${name}: kill`))
      scene.later(asked)
    })
  await restart({})
  await scene.settle()
  await scene.point(content)
}

test('a process killed at any step of a transfer loses nothing that was told', async (t) => {
  const holdfast = await Holdfast.create(t)
  const scene = await begin(holdfast)
  await scene.point(await readFile(scene.image))
  const [agents, servers] = [inTransfer.filter(ofAgent), inTransfer.filter((n) => !ofAgent(n))]
  await killAtEach(t, scene, agents, (env) => restartAgent(holdfast, env))
  await killAtEach(t, scene, servers, (env) => restartServer(holdfast, env))
  await scene.check()
  const verified = await holdfast.ok<{ damaged: unknown[] }>('verify', '--all')
  assert.deepEqual(verified.json.damaged, [])
})

async function restartServer(holdfast: Holdfast, env: Record<string, string>): Promise<Child> {
  await holdfast.server?.kill('SIGTERM')
  return holdfast.startServer(env)
}

async function restartAgent(holdfast: Holdfast, env: Record<string, string>): Promise<Child> {
  await holdfast.agents.get('alpha')?.kill('SIGTERM')
  return holdfast.startAgent('alpha', env, folders(holdfast))
}
