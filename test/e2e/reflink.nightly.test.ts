import assert from 'node:assert/strict'
import { rm, statfs, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { tool } from '../support/ext-images.ts'
import { Holdfast } from '../support/holdfast.ts'
import { Scene, until } from '../support/scene.ts'
import { sceneOn, SOURCE, Tracked, whatClonesTell } from './tracked-image.ts'

test('btrfs: what changed in an image is told by its clones', (t) => whatClonesTell(t, 'btrfs'))

test('two protection servers side by side have clones of their own', async (t) => {
  const scene = await sceneOn(t, 'xfs')
  if (!scene) return
  const tracked = new Tracked(scene)
  await tracked.begin()
  const holdfast = await Holdfast.create(t)
  await symlink(scene.holdfast.images, holdfast.images)
  const second = new Tracked(await Scene.over(holdfast, { serverArgs: ['--sample', '0'] }))
  await second.scene.sources(SOURCE)
  await second.take()
  assert.equal((await tracked.clones()).length, 2)
  await tracked.change(30)
  assert.deepEqual(await tracked.take(), ['tracked', null, 1])
  await tracked.change(31)
  assert.deepEqual(await second.take(), ['tracked', null, 2])
  assert.deepEqual(await tracked.take(), ['tracked', null, 1])
  await tracked.checkAll()
  await second.checkAll()
})

for (const system of ['ext4', 'xfs without reflink'] as const)
  test(`${system}: images are compared as ever`, async (t) => {
    const scene = await sceneOn(t, system)
    if (!scene) return
    const tracked = new Tracked(scene)
    await tracked.begin()
    await tracked.change(6)
    const reason = system === 'ext4' ? 'no-tracker' : 'clone-failed'
    assert.deepEqual(await tracked.take(), ['compared', reason, 1])
    assert.deepEqual(await tracked.clones(), [])
    await tracked.checkAll()
  })

test('a clone goes before its file system is full', async (t) => {
  const scene = await sceneOn(t, 'xfs')
  if (!scene) return
  const tracked = new Tracked(scene)
  await tracked.begin()
  const filler = join(scene.holdfast.images, '.filler')
  const tooMuch = (await freeBytes(scene.holdfast.images)) - 10 * 2 ** 20
  await tool('fallocate', '-l', String(tooMuch), filler)
  await until('the clone is gone', async () => (await tracked.clones()).length === 0 || undefined)
  await tracked.change(6)
  assert.deepEqual(await tracked.take(), ['compared', 'clone-no-room', 1])
  await rm(filler)
  assert.equal((await tracked.take())[1], 'clone-absent')
  await tracked.change(6)
  assert.deepEqual(await tracked.take(), ['tracked', null, 1])
  await tracked.checkAll()
})

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}
