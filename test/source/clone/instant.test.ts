import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { Clones } from '../../../agent/source/clone/clones.ts'
import { CloneableImage, type ImageClone } from '../../../agent/source/clone/image-clone.ts'
import { ofOneInstant } from '../../../agent/source/clone/same-instant.ts'
import type { SourceProvider, SourceView } from '../../../agent/source/source.ts'
import { systemClock } from '../../../core/runtime/clock.ts'
import { silentLogger } from '../../../core/runtime/log.ts'
import { guestContent, makeImage, qemuImg, qemuIo, temporaryFolder } from '../../support/images.ts'
import { lacksTool } from '../../support/needs.ts'
import { folderOn, REFLINK_SYSTEMS } from '../../support/reflink-folder.ts'
import { openNamed, providerOver, readAll } from '../reading.ts'

const SLOTS = 256
const STRIDE = 65_536
const BLOCK = 4096
const VIEWS = 4

/**
 * Writes numbers that rise by one, as fast as it can, each into a whole block of the next place; the
 * files take turns. Says so once every place was written.
 */
const WRITER = `const fs = require('node:fs'); const files = process.argv.slice(1).map((f) => fs.openSync(f, 'r+'));
const block = new BigUint64Array(${BLOCK / 8});
for (let at = 1; ; at++) {
  block.fill(BigInt(at));
  const place = Math.floor(at / files.length) % ${SLOTS};
  fs.writeSync(files[at % files.length], block, 0, ${BLOCK}, place * ${STRIDE});
  if (at === ${2 * SLOTS}) console.log('all places');
}`

async function startWriter(t: TestContext, ...files: readonly string[]): Promise<void> {
  for (const file of files) {
    await writeFile(file, '')
    await truncate(file, SLOTS * STRIDE)
  }
  const child = spawn(process.execPath, ['-e', WRITER, ...files])
  t.after(async () => {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'close')
  })
  await once(child.stdout, 'data')
}

/** The newest number, if all blocks are what they were when it was the newest; else undefined. */
function newestOf(disks: readonly Buffer[]): number | undefined {
  let newest = 0
  for (const disk of disks)
    for (let place = 0; place < SLOTS; place++)
      newest = Math.max(newest, Number(disk.readBigUInt64LE(place * STRIDE)))
  for (let at = newest; at > newest - disks.length * SLOTS && at > 0; at--) {
    const place = Math.floor(at / disks.length) % SLOTS
    const block = disks[at % disks.length]!.subarray(place * STRIDE, place * STRIDE + BLOCK)
    const expected = Buffer.from(new BigUint64Array(BLOCK / 8).fill(BigInt(at)).buffer)
    if (!block.equals(expected)) return undefined
  }
  return newest
}

async function clonesOf(t: TestContext): Promise<Clones> {
  const dataFolder = await temporaryFolder(t)
  const identity = { serverId: 'server-a', hostId: 'host-a' }
  return new Clones({ dataFolder, identity, clock: systemClock, log: silentLogger })
}

async function bytesOf(view: SourceView): Promise<Buffer[]> {
  const disks: Buffer[] = []
  for (const { reader } of view.disks) disks.push(await readAll(reader))
  return disks
}

async function using<T>(view: SourceView, use: () => Promise<T>): Promise<T> {
  try {
    return await use()
  } finally {
    await view.close()
  }
}

for (const system of REFLINK_SYSTEMS) {
  test(`${system}: one instant of an image that is written at full speed`, async (t) => {
    const folder = await folderOn(t, system)
    if (folder === undefined) return
    await startWriter(t, join(folder, 'a.raw'))
    const provider = providerOver(folder, { clones: await clonesOf(t) })
    const newest = [0]
    for (let views = 0; views < VIEWS; views++) {
      const view = await openNamed(provider, 'a.raw')
      const found = await using(view, async () => {
        const disks = await bytesOf(view)
        assert.deepEqual(await view.settled(), { settled: true, consistency: 'crash' })
        return newestOf(disks)
      })
      assert.ok(found !== undefined, 'all that was written before, and nothing after')
      assert.ok(found > (newest.at(-1) ?? 0), 'and a later instant than the one before')
      newest.push(found)
    }
    assert.deepEqual(await readdir(folder), ['a.raw'], 'what was read is gone')
  })

  test(`${system}: two images are said to be one instant only if they are`, async (t) => {
    const folder = await folderOn(t, system)
    if (folder === undefined) return
    const paths = ['a.raw', 'b.raw'].map((name) => join(folder, name))
    await startWriter(t, ...paths)
    const declared = [{ name: 'both', paths }]
    const provider = providerOver(folder, { declared, clones: await clonesOf(t) })
    for (let views = 0; views < VIEWS; views++) {
      const view = await openNamed(provider, 'both')
      await using(view, async () => {
        const settlement = await view.settled()
        if (settlement.settled) {
          assert.equal(settlement.consistency, 'crash')
          assert.ok(newestOf(await bytesOf(view)) !== undefined)
        } else assert.match(settlement.reason, /written between/)
      })
    }
  })
}

test('two images that are open and at rest are one instant; one that was written is taken again', async (t) => {
  const folder = await folderOn(t, 'xfs')
  if (folder === undefined) return
  const clones = await clonesOf(t)
  const paths = ['a.raw', 'b.raw'].map((name) => join(folder, name))
  for (const path of paths) await writeFile(path, guestContent(path, 2 ** 20))
  const writer = await open(paths[0]!, 'r+')
  t.after(() => writer.close())
  const provider = providerOver(folder, { declared: [{ name: 'both', paths }], clones })
  const view = await openNamed(provider, 'both')
  await using(view, async () => {
    assert.deepEqual(await view.settled(), { settled: true, consistency: 'crash' })
  })

  const images: CloneableImage[] = []
  for (const path of paths) {
    const image = await CloneableImage.open(path, folder)
    assert.ok(image instanceof CloneableImage)
    images.push(image)
    t.after(() => image.close())
  }
  const take = async (): Promise<ImageClone[]> => {
    const taken = await clones.take(images)
    assert.ok(typeof taken !== 'string')
    return taken
  }
  let rounds = 0
  const again = async () => {
    if (rounds++ === 0) await writer.write(Buffer.from('later'), 0, 5, 70_000)
    return take()
  }
  const release = (them: readonly ImageClone[]) => clones.release(them)
  const found = await ofOneInstant(await take(), again, release, new AbortController().signal)
  assert.deepEqual([found.isOne, rounds], [true, 2])
  const bytes = Buffer.alloc(5)
  await found.clones[0]?.handle.read(bytes, 0, 5, 70_000)
  assert.equal(String(bytes), 'later')
  await clones.release(found.clones)
  assert.deepEqual((await readdir(folder)).sort(), ['a.raw', 'b.raw'])
})

test('a chain of images that is open and written is taken whole', async (t) => {
  if (lacksTool(t, 'qemu-img') || lacksTool(t, 'qemu-nbd')) return
  const folder = await folderOn(t, 'xfs')
  if (folder === undefined) return
  const guest = guestContent('base', 2 ** 20)
  await makeImage(folder, 'plain.qcow2', guest)
  const overlay = join(folder, 'web.qcow2')
  await qemuImg('create', '-q', '-f', 'qcow2', '-b', 'plain.qcow2', '-F', 'qcow2', overlay)
  await qemuIo(overlay, 'qcow2', 'write -P 9 65536 65536')
  guest.fill(9, 65_536, 131_072)
  const writer = await open(overlay, 'r+')
  t.after(() => writer.close())
  const provider = providerOver(folder, { clones: await clonesOf(t) })
  const view = await openNamed(provider, 'web.qcow2')
  await using(view, async () => {
    // What is written to base and overlay from now on is not of this instant.
    await qemuIo(join(folder, 'plain.qcow2'), 'qcow2', 'write -P 5 524288 65536')
    await writer.write(Buffer.alloc(4096), 0, 4096, 0)
    assert.deepEqual(await bytesOf(view), [guest])
    assert.deepEqual(await view.settled(), { settled: true, consistency: 'crash' })
  })
})

test('an image of several files is read where it lies', async (t) => {
  if (lacksTool(t, 'qemu-img') || lacksTool(t, 'qemu-nbd')) return
  const folder = await folderOn(t, 'xfs')
  if (folder === undefined) return
  const guest = guestContent('split', 2 ** 20)
  await makeImage(folder, 'split.vmdk', guest)
  const provider: SourceProvider = providerOver(folder, { clones: await clonesOf(t) })
  const view = await openNamed(provider, 'split.vmdk')
  await using(view, async () => {
    assert.deepEqual((await bytesOf(view))[0]?.subarray(0, guest.length), guest)
    assert.deepEqual(await view.settled(), { settled: true, consistency: 'cold' })
  })
})

test('an image in too many pieces is read where it lies: a clone would keep writers waiting', async (t) => {
  const folder = await folderOn(t, 'xfs')
  if (folder === undefined) return
  const file = await open(join(folder, 'pieces.raw'), 'w')
  for (let at = 0; at < 10_001; at++) await file.write(Buffer.alloc(4096, 1), 0, 4096, at * 8192)
  await file.close()
  const view = await openNamed(providerOver(folder, { clones: await clonesOf(t) }), 'pieces.raw')
  await using(view, async () => {
    assert.deepEqual(view.disks[0]?.tracker, { bases: [], reason: 'clone-fragmented' })
    assert.deepEqual(await readdir(folder), ['pieces.raw'])
  })
})
