import assert from 'node:assert/strict'
import { randomFillSync } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import test, { type TestContext } from 'node:test'
import { parseAddress } from '../../core/model/address.ts'
import type { StartedAnswer } from '../support/answers.ts'
import type { Child } from '../support/child.ts'
import type { Answer } from '../support/holdfast.ts'
import { rewriteChunk } from '../support/raw-disk.ts'
import { Scene, until } from '../support/scene.ts'
import { slowProxy, type SlowProxy } from '../support/slow-proxy.ts'

const MIB = 2 ** 20
const SIZE = 48 * MIB + 1536
/** Frames have at most 1 MiB: by then a good half is sent. */
const FRAME = 30

const SOURCE = 'alpha/big.raw'

interface Cut {
  /** The agent is started with this; it says when it got there. */
  readonly armed: string
  readonly how: (scene: Scene) => Promise<unknown>
  readonly mostSent: number
}

/** Another whole image, whose transfer is cut on its way and goes on without being asked. */
async function transferCut(scene: Scene, { armed, how, mostSent }: Cut): Promise<void> {
  const image = scene.image('big.raw')
  await writeFile(image, randomFillSync(Buffer.alloc(SIZE)))
  const agent = await scene.restartAgent({ HOLDFAST_FAILPOINTS: armed })
  await scene.sources(SOURCE)
  const asked = scene.create(SOURCE)
  await reached(agent, 'agent.during-push')
  await how(scene)
  const { status, json, stderr }: Answer<StartedAnswer[]> = await asked
  assert.equal(status, 0, stderr)
  const point = json[0]?.point
  assert.ok(point)
  assert.ok(point.sentBytes < mostSent, `what was staged is not sent again: ${point.sentBytes}`)
  assert.equal(point.consistency, 'cold')
  assert.ok((await readFile(await scene.restored(point.id))).equals(await readFile(image)))
}

async function reached(process: Child, failpoint: string): Promise<void> {
  await until(failpoint, () =>
    Promise.resolve(process.stderr.includes(`failpoint ${failpoint}`) || undefined),
  )
}

/** From its next start on the agent reaches the server through a proxy. */
async function detour(t: TestContext, scene: Scene): Promise<SlowProxy> {
  await scene.holdfast.agents.get('alpha')?.kill('SIGTERM')
  const file = scene.holdfast.path('agent-alpha', 'identity.json')
  const identity = JSON.parse(await readFile(file, 'utf8')) as { addresses: string[] }
  const target = parseAddress(identity.addresses[0] ?? '')
  assert.ok(target)
  const proxy = await slowProxy(t, target, 0)
  await writeFile(file, JSON.stringify({ ...identity, addresses: [proxy.address] }))
  return proxy
}

test('a transfer that is cut is taken up, and is one instant all the same', async (t) => {
  const scene = await Scene.open(t)

  await t.test('the agent is killed', () =>
    transferCut(scene, {
      armed: `agent.during-push=kill@${FRAME}`,
      how: async () => {
        await scene.holdfast.agents.get('alpha')?.end()
        // What was sent already is no part of the instant that the next attempt reads.
        await rewriteChunk(scene.image('big.raw'), 3, 4711)
        await scene.restartAgent()
      },
      mostSent: 0.7 * SIZE,
    }),
  )
  await t.test('the agent is stopped', () =>
    transferCut(scene, {
      armed: `agent.during-push=delay:60000@${FRAME}`,
      how: async () => {
        const ended = await scene.holdfast.agents.get('alpha')?.kill('SIGTERM')
        assert.equal(ended?.status, 0, 'gracefully, whatever it is doing')
        await rewriteChunk(scene.image('big.raw'), 5, 815)
        await scene.restartAgent()
      },
      mostSent: 0.7 * SIZE,
    }),
  )
  await t.test('the server is stopped; the agent comes back by itself', () =>
    transferCut(scene, {
      armed: `agent.during-push=delay:2000@${FRAME}`,
      how: async () => {
        const ended = await scene.holdfast.server?.kill('SIGTERM')
        assert.equal(ended?.status, 0)
        await scene.holdfast.startServer()
      },
      mostSent: 0.7 * SIZE,
    }),
  )
  await t.test('the server is killed; what was not synced is sent again', () =>
    transferCut(scene, {
      armed: `agent.during-push=delay:1000@${FRAME}`,
      how: () => scene.restartServer({}, 'SIGKILL'),
      mostSent: 1.1 * SIZE,
    }),
  )
  await t.test('the network is cut; the agent comes back by itself', async () => {
    const proxy = await detour(t, scene)
    await transferCut(scene, {
      armed: `agent.during-push=delay:3000@${FRAME}`,
      how: async () => {
        await until('a half at the server', () =>
          Promise.resolve(proxy.given() > 0.5 * SIZE || undefined),
        )
        proxy.cut()
      },
      mostSent: 0.8 * SIZE,
    })
    assert.ok(proxy.mostInFlight() > 0, 'it went this way')
  })
  await t.test('nothing is damaged, and nothing is left over', async () => {
    assert.equal((await scene.verify()).status, 0)
  })
})
