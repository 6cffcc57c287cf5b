import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import test from 'node:test'
import type { JobAnswer, PointAnswer, RestoreAnswer, VerifyAnswer } from '../support/answers.ts'
import { Child } from '../support/child.ts'
import { rewriteChunk, writeRawDisk } from '../support/raw-disk.ts'
import { Scene, until } from '../support/scene.ts'

const SOURCE = 'alpha/disk.raw'
const CHUNKS = 120

/**
 * The point that somebody works with is deleted and collected meanwhile, with no time to undo it: what is being read or built upon stays, byte for byte, and what is left goes afterwards.
 */
test('a point that is deleted and collected while it is used', async (t) => {
  const scene = await Scene.open(t, { serverArgs: ['--undo', '0', '--trash', '0'] })
  const { holdfast } = scene
  const image = scene.image('disk.raw')
  await writeRawDisk(image, { chunks: CHUNKS, tail: 1537, seed: 5 })
  await scene.sources(SOURCE)

  /** Whatever can be removed is. */
  const collect = async () => {
    await holdfast.ok('storage', 'collect')
    await holdfast.ok('storage', 'compact')
  }
  const remove = (point: string) => holdfast.run('point', 'delete', point, '--yes')
  const change = async (seed: number) => {
    for (let index = 1; index < CHUNKS; index += 3) await rewriteChunk(image, index, seed + index)
  }
  const requireRight = async (point: string, content: Buffer) =>
    assert.ok((await readFile(await scene.restored(point))).equals(content), point)

  await t.test('by a transfer that builds upon it', async () => {
    const base = await scene.point(SOURCE)
    await change(1000)
    await scene.restartAgent({ HOLDFAST_FAILPOINTS: 'agent.before-seal=delay:6000' })
    const asked = scene.create(SOURCE)
    await until('the failpoint', async () => {
      const { stderr } = holdfast.agents.get('alpha')!
      return stderr.includes('failpoint agent.before-seal') || undefined
    })
    const { status } = await remove(base.id)
    await collect()
    const { json } = await asked
    const point = json[0]?.point
    assert.ok(point, JSON.stringify(json))
    assert.ok(status === 0 || status === 1)
    await requireRight(point.id, await readFile(image))
    assert.equal((await scene.verify()).status, 0)
    await scene.restartAgent()
  })

  /**
   * A restore that is under way and has read nothing yet: its agent is stopped. What `meanwhile` does
   * to the point is done before the first byte is read.
   */
  const restoredAfter = async (point: string, meanwhile: () => Promise<void>): Promise<Buffer> => {
    const { pid } = holdfast.agents.get('alpha')!
    process.kill(pid, 'SIGSTOP')
    const folder = scene.restoreFolder()
    const args = ['restore', point, '--to', 'alpha', '--path', folder, '--yes']
    const restoring = holdfast.run<RestoreAnswer>(...args)
    try {
      await until('the restore', async () => {
        const { json } = await holdfast.ok<JobAnswer[]>('job', 'list', '--state', 'running')
        return json.some(({ kind }) => kind === 'recovery') || undefined
      })
      await meanwhile()
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    const { status, json, stderr } = await restoring
    assert.equal(status, 0, stderr)
    return readFile(json.files[0]!)
  }

  await t.test('by a restore', async () => {
    const point = await scene.point(SOURCE)
    const content = await readFile(image)
    await change(2000)
    await scene.point(SOURCE)
    const restored = await restoredAfter(point.id, async () => {
      const refused = await remove(point.id)
      assert.equal(refused.status, 1, 'somebody reads it')
      assert.match(refused.stderr, /error: .*(read|held)/)
      await collect()
    })
    assert.ok(restored.equals(content))
    assert.equal((await remove(point.id)).status, 0, 'now nobody does')
    await collect()
  })

  await t.test('by a verification', async () => {
    const points = (await holdfast.ok<PointAnswer[]>('point', 'list')).json
    const verifying = holdfast.run<VerifyAnswer>('verify', '--all')
    for (const { id } of points.slice(1)) await remove(id)
    await collect()
    const { status, json, stderr } = await verifying
    assert.equal(status, 0, stderr)
    assert.deepEqual(json.damaged, [])
  })

  await t.test('by an export', async () => {
    const point = await scene.point(SOURCE)
    const content = await readFile(image)
    await change(5000)
    await scene.point(SOURCE)
    const socket = holdfast.path('nbd')
    const operator = holdfast.path('server', 'operator.json')
    const exporting = new Child(
      ['export', point.id, '--listen', `unix:${socket}`, '--json', '--operator', operator],
      {},
    )
    await exporting.ready()
    assert.equal((await remove(point.id)).status, 1)
    await collect()
    await exporting.kill('SIGTERM')
    await requireRight(point.id, content)
    await until('it can be deleted', async () =>
      (await remove(point.id)).status === 0 ? true : undefined,
    )
    await collect()
    const left = (await holdfast.ok<PointAnswer[]>('point', 'list')).json
    await requireRight(left[0]!.id, await readFile(image))
    assert.equal((await scene.verify()).status, 0)
  })
})
