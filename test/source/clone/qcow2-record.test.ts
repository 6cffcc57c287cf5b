import assert from 'node:assert/strict'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { Clones } from '../../../agent/source/clone/clones.ts'
import type { SourceProvider } from '../../../agent/source/source.ts'
import { ImageFile } from '../../../core/disk/format/image-file.ts'
import { qcow2Map } from '../../../core/disk/format/qcow2-map.ts'
import { readQcow2 } from '../../../core/disk/format/qcow2.ts'
import { systemClock } from '../../../core/runtime/clock.ts'
import { silentLogger } from '../../../core/runtime/log.ts'
import {
  GUEST_BYTES,
  guestContent,
  makeImage,
  qemuImg,
  qemuIo,
  temporaryFolder,
  type ImageKind,
} from '../../support/images.ts'
import { lacksTool } from '../../support/needs.ts'
import { folderOn } from '../../support/reflink-folder.ts'
import { openNamed, providerOver, readAll } from '../reading.ts'

const GRANULE = 65_536
/** Whole clusters: else the file's last block moves when the file grows, and counts as changed. */
const BYTES = 5 * 2 ** 20
const KINDS = [
  ...(['plain.qcow2', 'old.qcow2', 'small-clusters.qcow2', 'large-clusters.qcow2'] as const),
  ...(['subclusters.qcow2', 'compressed.qcow2'] as const),
]

interface MappedByQemu {
  readonly length: number
  readonly zero: boolean
  readonly offset?: number
}

/** Where QEMU says that each 512 bytes of the disk lie. */
async function placesByQemu(path: string): Promise<(number | string)[]> {
  const text = await qemuImg('map', '--output=json', '-f', 'qcow2', path)
  const ranges = JSON.parse(text) as MappedByQemu[]
  return ranges.flatMap(({ length, zero, offset }) =>
    sectors(length, zero ? 'zeros' : (offset ?? 'compressed')),
  )
}

function sectors(length: number, at: number | string): (number | string)[] {
  return Array.from({ length: length / 512 }, (_, one) =>
    typeof at === 'number' ? at + one * 512 : at,
  )
}

test('a qcow2’s own map is the one that QEMU reads', async (t) => {
  if (lacksTool(t, 'qemu-img') || lacksTool(t, 'qemu-io')) return
  const folder = await temporaryFolder(t)
  for (const kind of KINDS) {
    const path = await makeImage(folder, kind, guestContent(kind, GUEST_BYTES))
    for (const command of [
      'write -P 3 70000 3000',
      'write -z 200704 65536',
      'discard 327680 131072',
    ])
      await qemuIo(path, 'qcow2', command)
    const file = await ImageFile.open(path)
    const own: (number | string)[] = []
    let end = 0
    for await (const { offset, length, at } of qcow2Map(file, await readQcow2(file))) {
      assert.equal(offset, end, `${kind}: without a gap`)
      end += length
      own.push(...sectors(length, at))
    }
    await file.close()
    assert.deepEqual(own, await placesByQemu(path), kind)
  }
})

/** Points of one image source, and what the record of each says against what was read. */
class Points {
  readonly #provider: SourceProvider
  readonly #name: string
  #last: { readonly uid: string; readonly bytes: Buffer } | undefined
  #count = 0

  constructor(provider: SourceProvider, name: string) {
    this.#provider = provider
    this.#name = name
  }

  /** The reason of a comparison, or how many bytes the record names; those are all that changed. */
  async take(): Promise<string | number | undefined> {
    const view = await openNamed(this.#provider, this.#name)
    try {
      const [disk] = view.disks
      assert.ok(disk)
      const [before, uid] = [this.#last, `v-${++this.#count}`]
      const isTracked = before !== undefined && disk.tracker?.bases.includes(before.uid) === true
      await view.begin?.({
        ...{ job: 'job', versionUid: uid, baseUid: before?.uid ?? '' },
        tracked: new Set(isTracked ? [disk.name] : []),
      })
      const bytes = await readAll(disk.reader)
      let outcome: string | number | undefined = disk.tracker?.reason
      if (isTracked && disk.changed) {
        outcome = 0
        for await (const { offset, length } of disk.changed()) {
          bytes.copy(before.bytes, offset, offset, offset + length)
          outcome += length
        }
        assert.ok(
          before.bytes.equals(bytes),
          `${this.#name} ${uid}: the record names all that changed`,
        )
      }
      assert.ok((await view.settled()).settled)
      this.#last = { uid, bytes }
      await view.committed?.(uid)
      return outcome
    } finally {
      await view.close()
    }
  }
}

async function points(t: TestContext, folder: string, name: string): Promise<Points> {
  const dataFolder = await temporaryFolder(t)
  const identity = { serverId: 'server-a', hostId: 'host-a' }
  const clones = new Clones({ dataFolder, identity, clock: systemClock, log: silentLogger })
  return new Points(providerOver(folder, { clones }), name)
}

test('a qcow2 that stands alone is tracked by its clone, whatever is done to it', async (t) => {
  if (lacksTool(t, 'qemu-img') || lacksTool(t, 'qemu-nbd')) return
  const folder = await folderOn(t, 'xfs')
  if (folder === undefined) return
  for (const kind of ['plain.qcow2', 'old.qcow2', 'subclusters.qcow2'] satisfies ImageKind[]) {
    const path = await makeImage(folder, kind, guestContent(kind, BYTES))
    const of = await points(t, folder, kind)
    // A subcluster is less than a block of the file system, which has a neighbour's bytes, too.
    const most = kind === 'subclusters.qcow2' ? 2 * GRANULE : GRANULE
    const takeLittle = async (what: string, least = GRANULE) => {
      const changed = await of.take()
      const isLittle = typeof changed === 'number' && changed >= least && changed <= most
      assert.ok(isLittle, `${kind}, ${what}: ${changed}`)
    }
    const io = (command: string) => qemuIo(path, 'qcow2', command)
    assert.equal(await of.take(), 'clone-absent')
    assert.equal(await of.take(), 0)
    await io(`write -P 7 ${20 * GRANULE + 100} 900`)
    await takeLittle('written')
    await io(`write -P 8 ${18 * GRANULE} 512`) // where zeros were
    await takeLittle('where zeros were')
    if (kind !== 'old.qcow2') {
      await io(`write -z ${50 * GRANULE} ${GRANULE}`)
      await takeLittle('zeroed')
    }
    await qemuImg('snapshot', '-c', 'before', path)
    await takeLittle('a snapshot', 0)
    await io(`write -P 9 ${40 * GRANULE} ${GRANULE}`)
    await takeLittle('written')
    await qemuImg('snapshot', '-a', 'before', path)
    await takeLittle('gone back')
    await qemuImg('snapshot', '-d', 'before', path)
    await takeLittle('no snapshot', 0)
    await qemuImg('resize', '-q', '-f', 'qcow2', path, String(8 * 2 ** 20))
    assert.equal(await of.take(), 'size-changed', kind)
    const file = await open(path, 'r+') // in place, past QEMU
    const map = await placesByQemu(path)
    const at = map[(20 * GRANULE) / 512]
    await file.write(Buffer.from('torn'), 0, 4, Number(at))
    await file.close()
    await takeLittle('past QEMU')
  }
})

test('a chain is compared: its base may be written, too', async (t) => {
  if (lacksTool(t, 'qemu-img') || lacksTool(t, 'qemu-nbd')) return
  const folder = await folderOn(t, 'xfs')
  if (folder === undefined) return
  await makeImage(folder, 'plain.qcow2', guestContent('base', 2 ** 20))
  const overlay = join(folder, 'web.qcow2')
  await qemuImg('create', '-q', '-f', 'qcow2', '-b', 'plain.qcow2', '-F', 'qcow2', overlay)
  const of = await points(t, folder, 'web.qcow2')
  await of.take()
  assert.equal(await of.take(), undefined)
})
