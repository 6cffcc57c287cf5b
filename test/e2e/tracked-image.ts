import assert from 'node:assert/strict'
import { constants } from 'node:fs'
import {
  chmod,
  copyFile,
  open,
  readFile,
  readdir,
  rename,
  rm,
  symlink,
  truncate,
  unlink,
} from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { PointAnswer } from '../support/answers.ts'
import { Holdfast } from '../support/holdfast.ts'
import { CHUNK, rewriteChunk, writeRawDisk } from '../support/raw-disk.ts'
import { folderOn, type MadeSystem, type ReflinkSystem } from '../support/reflink-folder.ts'
import { Scene } from '../support/scene.ts'

const CHUNKS = 120
export const SOURCE = 'alpha/disk.raw'

/** A Holdfast whose images lie on a file system of their own. */
export async function sceneOn(
  t: TestContext,
  system: MadeSystem,
  options = {},
): Promise<Scene | undefined> {
  const holdfast = await Holdfast.create(t)
  const folder = await folderOn(t, system, options)
  if (folder === undefined) return undefined
  await symlink(folder, holdfast.images)
  return Scene.over(holdfast, { serverArgs: ['--sample', '0'] })
}

/** One image, its points, and what it was at each of them. */
export class Tracked {
  readonly scene: Scene
  readonly made: [PointAnswer, Buffer][] = []
  #seed = 100

  constructor(scene: Scene) {
    this.scene = scene
  }

  get image(): string {
    return this.scene.image('disk.raw')
  }

  async begin(): Promise<void> {
    await writeRawDisk(this.image, { chunks: CHUNKS, tail: 1536, seed: 1 })
    await this.scene.sources(SOURCE)
    await this.take()
  }

  async change(...chunks: readonly number[]): Promise<void> {
    for (const chunk of chunks) await rewriteChunk(this.image, chunk, this.#seed++)
  }

  /** How the point was taken; at the end each is compared with what the image was. */
  async take(): Promise<readonly [string, string | null, number]> {
    const point = await this.scene.point(SOURCE)
    this.made.push([point, await readFile(this.image)])
    const [disk] = point.disks
    assert.ok(disk)
    return [disk.transferMode, disk.transferReason, Math.ceil(point.sentBytes / CHUNK)]
  }

  async clones(): Promise<string[]> {
    return (await readdir(this.scene.holdfast.images)).filter((name) => name.includes('.holdfast-'))
  }

  /** Path of the one clone that there is. */
  async clone(): Promise<string> {
    const clones = await this.clones()
    assert.equal(clones.length, 1, clones.join(' '))
    return join(this.scene.holdfast.images, clones[0] ?? '')
  }

  /** What was compared is right by its digests. */
  async checkAll(): Promise<void> {
    const told = this.made.filter(([{ disks }]) => disks[0]?.transferMode === 'tracked')
    for (const [{ id }, right] of [...told, ...this.made.slice(-1)])
      assert.ok((await readFile(await this.scene.restored(id))).equals(right), `${id} is right`)
  }
}

/** What a process and its threads have read by system calls, in bytes. */
async function bytesRead(pid: number): Promise<number> {
  return Number(/rchar: (\d+)/.exec(await readFile(`/proc/${pid}/io`, 'utf8'))?.[1])
}

/** The process that runs the agent: the launcher's own, or its child. */
async function agentPid(scene: Scene): Promise<number> {
  const launcher = scene.holdfast.agents.get('alpha')?.pid ?? 0
  const text = await readFile(`/proc/${launcher}/task/${launcher}/children`, 'utf8')
  return Number(text.trim().split(' ')[0]) || launcher
}

/** What changed in an image is told by its clones, and nothing else by what is none. */
export async function whatClonesTell(t: TestContext, system: ReflinkSystem): Promise<void> {
  const scene = await sceneOn(t, system)
  if (!scene) return
  const tracked = new Tracked(scene)
  const { image } = tracked
  await tracked.begin()
  assert.equal(tracked.made[0]?.[0].consistency, 'cold')

  await t.test('only what changed is read and sent', async () => {
    await tracked.change(5, 100, 118)
    const pid = await agentPid(scene)
    const before = await bytesRead(pid)
    assert.deepEqual((await tracked.take()).slice(0, 2), ['tracked', null])
    const read = (await bytesRead(pid)) - before
    assert.ok(read < (CHUNKS * CHUNK) / 4, `read ${read} bytes`)
    assert.ok((tracked.made.at(-1)?.[0].sentBytes ?? 0) <= 3 * CHUNK + 4096)
    assert.deepEqual(await tracked.take(), ['tracked', null, 0])
  })
  await t.test('holes that are made and filled', async () => {
    const file = await open(image, 'r+')
    await file.write(Buffer.alloc(CHUNK), 0, CHUNK, 20 * CHUNK)
    await file.write(Buffer.from('in a hole'), 0, 9, 3 * CHUNK + 7)
    await file.close()
    assert.deepEqual((await tracked.take()).slice(0, 2), ['tracked', null])
  })
  await t.test('one that was written to is none', async () => {
    await tracked.change(7)
    const clone = await tracked.clone()
    await chmod(clone, 0o600)
    await rewriteChunk(clone, 7, 3)
    await chmod(clone, 0o400)
    assert.deepEqual(await tracked.take(), ['compared', 'clone-changed', 1])
  })
  await t.test('one that was made to lie at the same places is none', async () => {
    await tracked.change(8)
    await copyFile(image, await tracked.clone(), constants.COPYFILE_FICLONE_FORCE)
    assert.deepEqual(await tracked.take(), ['compared', 'clone-changed', 1])
  })
  await t.test('one that is gone', async () => {
    await tracked.change(9)
    await unlink(await tracked.clone())
    assert.deepEqual(await tracked.take(), ['compared', 'clone-absent', 1])
  })
  await t.test('one of another point in its place', async () => {
    const kept = await tracked.clone()
    const older = join(scene.holdfast.images, '.older')
    await rename(kept, older)
    await copyFile(older, kept, constants.COPYFILE_FICLONE_FORCE)
    await rm(older)
    await tracked.change(10)
    assert.deepEqual(await tracked.take(), ['compared', 'clone-changed', 1])
  })
  await t.test('the image is rolled back by a clone of somebody else', async () => {
    const older = scene.image('.older')
    await copyFile(image, older, constants.COPYFILE_FICLONE_FORCE)
    await tracked.change(11, 12)
    assert.deepEqual(await tracked.take(), ['tracked', null, 2])
    await rename(older, image)
    assert.deepEqual((await tracked.take()).slice(0, 2), ['tracked', null])
  })
  await t.test('the image is replaced by a copy', async () => {
    const copy = scene.image('.copy')
    const bytes = await readFile(image)
    await (await open(copy, 'w')).close()
    const file = await open(copy, 'r+')
    await file.write(bytes)
    await file.close()
    await rename(copy, image)
    assert.deepEqual(await tracked.take(), ['compared', 'extents-mostly-changed', 0])
  })
  await t.test('the image grows and shrinks', async () => {
    await truncate(image, CHUNKS * CHUNK + 5000)
    assert.deepEqual((await tracked.take()).slice(0, 2), ['compared', 'size-changed'])
    await truncate(image, 20 * CHUNK + 1)
    assert.deepEqual((await tracked.take()).slice(0, 2), ['compared', 'size-changed'])
    await tracked.change(2)
    assert.deepEqual(await tracked.take(), ['tracked', null, 1])
  })
  await t.test('an agent that is told not to, leaves none', async () => {
    await scene.restartAgentWith(['--no-reflink'])
    assert.deepEqual(await tracked.clones(), [])
    await tracked.change(4)
    assert.deepEqual(await tracked.take(), ['compared', 'no-tracker', 1])
    await scene.restartAgentWith([])
    assert.deepEqual(await tracked.take(), ['compared', 'clone-absent', 0])
  })
  await t.test('every point is what the image was', () => tracked.checkAll())
}
