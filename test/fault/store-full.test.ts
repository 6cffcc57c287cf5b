import assert from 'node:assert/strict'
import { randomFillSync } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import type { PointAnswer } from '../support/answers.ts'
import { Holdfast } from '../support/holdfast.ts'
import { lacksRoot, lacksTool } from '../support/needs.ts'
import { rewriteChunk, writeRawDisk } from '../support/raw-disk.ts'
import { Scene, until } from '../support/scene.ts'
import { fillDisk, smallDisk } from '../support/small-disk.ts'

const MIB = 2 ** 20

test('a full store loses nothing, and goes on when there is room again', async (t) => {
  if (lacksRoot(t) || lacksTool(t, 'mount')) return
  const holdfast = await Holdfast.create(t)
  const { folder: store, resize } = await smallDisk(t, 330)
  const serverArgs = ['--store', store, '--undo', '0', '--trash', '0']
  const scene = await Scene.over(holdfast, { serverArgs })
  const image = scene.image('disk.raw')
  await writeRawDisk(image, { chunks: 40, tail: 1536, seed: 1 })
  await scene.sources('alpha/disk.raw')
  const first = await scene.point('alpha/disk.raw')
  const right = await readFile(image)
  await rewriteChunk(image, 4, 44)
  const second = await scene.point('alpha/disk.raw')
  const listed = async () => {
    const points = (await holdfast.ok<PointAnswer[]>('point', 'list')).json
    return points.map(({ id, state }) => `${id} ${state}`).sort()
  }
  /** A further point, and then no byte for anybody. */
  const fillUp = async () => {
    await rm(join(store, 'filler'))
    const point = await scene.point('alpha/disk.raw')
    await fillDisk(join(store, 'filler'), 0)
    return point
  }
  const whole = [`${first.id} ready`, `${second.id} ready`].sort()

  await t.test(
    'next to nothing is free: the point fails with figures, what is there stays',
    async () => {
      await fillDisk(join(store, 'filler'), MIB / 4)
      await rewriteChunk(image, 17, 77)
      const { status, json, stderr } = await scene.create('alpha/disk.raw')
      assert.equal(status, 1)
      assert.equal(json[0]?.error?.code, 'store-full')
      assert.match(json[0].error.message, /\d+ MiB free.* \d+ MiB/)
      assert.match(stderr, /hint: .*storage add/)
      assert.deepEqual(await listed(), whole)
    },
  )
  await t.test('points are restored, deleted and collected all the same', async () => {
    assert.ok((await readFile(await scene.restored(first.id))).equals(right))
    await holdfast.ok('point', 'delete', first.id, '--yes')
    await holdfast.ok('storage', 'collect')
    assert.equal((await scene.verify()).status, 0)
  })
  await t.test('not one byte is free: points are deleted all the same', async () => {
    const third = await fillUp()
    await holdfast.ok('point', 'delete', third.id, '--yes')
    assert.ok(!existsSync(join(store, 'BALLAST')), 'it was given up for the tombstone')
    assert.deepEqual(await listed(), [`${second.id} ready`])
    await rm(join(store, 'filler'))
    await holdfast.ok('storage', 'collect')
    assert.equal((await stat(join(store, 'BALLAST'))).size, 4 * MIB, 'and is there again')
  })
  await t.test('when there is room, the next point needs no help', async () => {
    const point = await scene.point('alpha/disk.raw')
    assert.ok((await readFile(await scene.restored(point.id))).equals(await readFile(image)))
  })
  await t.test('it fills up in the middle of a transfer', async () => {
    const big = scene.image('big.raw')
    await writeFile(big, randomFillSync(Buffer.alloc(100 * MIB)))
    await scene.sources('alpha/big.raw')
    const before = await listed()
    const { status, json } = await scene.create('alpha/big.raw')
    assert.equal(status, 1)
    assert.equal(json[0]?.error?.code, 'store-full')
    assert.match(json[0].error.message, /\d+ MiB free/)
    assert.deepEqual(await listed(), before)
    await resize(600)
    const point = await scene.point('alpha/big.raw')
    assert.ok((await readFile(await scene.restored(point.id))).equals(await readFile(big)))
    const { json: verified } = await scene.verify()
    assert.deepEqual(verified.damaged, [])
  })
})

test('a disk that is full under store and database: all comes back with the room', async (t) => {
  if (lacksRoot(t) || lacksTool(t, 'mount')) return
  const holdfast = await Holdfast.create(t)
  const { folder: disk } = await smallDisk(t, 480)
  await symlink(disk, holdfast.path('server'))
  const scene = await Scene.over(holdfast)
  const image = scene.image('disk.raw')
  await writeRawDisk(image, { chunks: 40, tail: 1536, seed: 1 })
  await scene.sources('alpha/disk.raw')
  const first = await scene.point('alpha/disk.raw')
  const right = await readFile(image)
  const filler = join(disk, 'filler')
  await fillDisk(filler, 0)
  await rewriteChunk(image, 17, 77)

  const { status, stderr } = await scene.create('alpha/disk.raw')
  assert.ok(status === 1 || status === 3, `${status}`)
  assert.match(stderr, /error: .*(No space left|MiB free|database)/)
  assert.ok(holdfast.server?.isRunning, holdfast.server?.stderr)
  await rm(filler)

  const next = await until('a point', async () => {
    const { json } = await scene.create('alpha/disk.raw')
    return json?.[0]?.point ?? undefined
  })
  assert.ok((await readFile(await scene.restored(next.id))).equals(await readFile(image)))
  assert.ok((await readFile(await scene.restored(first.id))).equals(right))
  assert.equal((await scene.verify()).status, 0)
})
