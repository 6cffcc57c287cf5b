import assert from 'node:assert/strict'
import { copyFile, mkdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import fc from 'fast-check'
import { listPath } from '../../core/filesystem/browse/list-path.ts'
import { fittingVolumes, locate, parseAddress } from '../../core/filesystem/browse/locate.ts'
import { GuestVolumes } from '../../core/filesystem/browse/volumes.ts'
import { logicalReader, piecesOf } from '../../core/filesystem/lvm/logical-volume.ts'
import { parseGroup, type Segment } from '../../core/filesystem/lvm/volume-group.ts'
import { bytesOf, fileReader, makeExt, makeTree, tool } from '../support/ext-images.ts'
import { temporaryFolder } from '../support/images.ts'
import { openLvm, writeVolume, type LvmImage } from '../support/lvm-images.ts'
import { lacks, lacksRoot, lacksTool } from '../support/needs.ts'
import { canMount } from '../support/image-mount.ts'
import { collect, walk } from './contract.suite.ts'

const MIB = 2 ** 20

async function lacksLvm(t: TestContext): Promise<boolean> {
  if (lacksRoot(t) || lacksTool(t, 'lvm') || lacksTool(t, 'sfdisk')) return true
  return lacks(t, 'loop devices', await canMount('kernel'))
}

/** One disk with the physical volume in a partition, and one that is a physical volume as a whole. */
async function makeDisks(folder: string): Promise<LvmImage[]> {
  const [a, b] = [join(folder, 'a.img'), join(folder, 'b.img')]
  for (const path of [a, b]) {
    await writeFile(path, '')
    await truncate(path, 96 * MIB)
  }
  const table = join(folder, 'table')
  await writeFile(table, 'label: gpt\nstart=2048, size=8192\nstart=10240, size=163840, type=lvm\n')
  await tool('sh', '-c', `sfdisk -q --no-reread --no-tell-kernel '${a}' < '${table}'`)
  return [{ path: a, offset: 10240 * 512, sizeBytes: 163_840 * 512 }, { path: b }]
}

async function volumesOf(t: TestContext, images: readonly LvmImage[]): Promise<GuestVolumes> {
  const disks = []
  for (const [index, { path }] of images.entries()) {
    const reader = await fileReader(path)
    t.after(() => reader.close())
    disks.push({ name: `disk${index}`, reader })
  }
  return new GuestVolumes(disks)
}

async function namesOf(volumes: GuestVolumes): Promise<Record<string, string>> {
  const all = await volumes.all()
  return Object.fromEntries(all.map(({ name, holds }) => [name, holds]))
}

test('lvm2: volumes over two disks, linear in pieces and striped', async (t) => {
  if (await lacksLvm(t)) return
  const folder = await temporaryFolder(t)
  const images = await makeDisks(folder)
  const lvm = await openLvm(t, images)
  await lvm.run('pvcreate', '-q', ...lvm.devices)
  await lvm.run('vgcreate', '-s', '1M', 'group-1', ...lvm.devices)
  const make = (...args: string[]) => lvm.run('lvcreate', '-an', '-Zn', '-Wn', ...args, 'group-1')
  await make('-n', 'root', '-l', '10')
  await make('-n', 'striped', '-i', '2', '-I', '64k', '-l', '40')
  await lvm.run('lvextend', '-l', '+70', 'group-1/root')
  await make('-n', 'empty', '-l', '1')
  const segments = await lvm.segments('group-1')
  assert.ok(segments.filter(({ volume }) => volume === 'root').length >= 3)
  await mkdir(join(folder, 'tree'))
  const tree = await makeTree(join(folder, 'tree'), { wide: 200, depth: 5, huge: false })
  await makeExt(join(folder, 'ext'), 'ext4', join(folder, 'tree'), 80 * MIB)
  const striped = bytesOf('striped', 40 * MIB)
  const layout = { extentBytes: MIB, firstBytes: MIB }
  for (const [name, content] of [
    ['root', await readFile(join(folder, 'ext'))],
    ['striped', striped],
  ] as const)
    await writeVolume(
      images,
      segments.filter(({ volume }) => volume === name),
      { ...layout, content },
    )
  await lvm.close()

  const volumes = await volumesOf(t, images)
  assert.deepEqual(await namesOf(volumes), {
    'disk0:1': 'nothing but zeros at its beginning',
    'disk0:2': 'an LVM2 physical volume',
    disk1: 'an LVM2 physical volume',
    'group-1/root': 'ext',
    'group-1/striped': 'nothing that is known here',
    'group-1/empty': 'nothing but zeros at its beginning',
  })
  assert.deepEqual(volumes.warnings, [])
  const [, , , root, stripes] = await volumes.all()
  assert.deepEqual(root?.disks, ['disk0', 'disk1'])
  assert.deepEqual(
    [...(await walk(await volumes.open(root), ['lost+found'])).keys()].sort(),
    [...tree.keys()].sort(),
  )
  assert.equal(stripes!.sizeBytes, striped.length)
  for (const [at, length] of [
    [0, 4 * MIB],
    [65_535, 3 * MIB + 1],
    [20 * MIB - 7, 140_000],
    [striped.length - 9, 9],
  ] as const)
    assert.ok(
      (await stripes!.reader!.read(at, length)).equals(striped.subarray(at, at + length)),
      `${at}`,
    )

  for (const text of ['/odd', 'group-1/root:/odd', 'disk1:group-1/root:/odd', 'disk0:/odd']) {
    const place = await locate(volumes, parseAddress(Buffer.from(text)))
    const file = await place.system.open(place.id)
    assert.ok((await file.read(0, 400_000)).equals(bytesOf('odd', 300_001)), text)
  }
  const [page] = await collect(listPath(volumes, parseAddress(Buffer.from('group-1/root:/wide'))))
  assert.equal(page?.entries.length, 200)
  await assert.rejects(fittingVolumes(volumes, parseAddress(Buffer.from('group-1/striped:/'))), {
    code: 'filesystem-unsupported',
    message:
      'logical volume group-1/striped holds nothing that is known here: its files cannot be read here',
  })
  await assert.rejects(fittingVolumes(volumes, parseAddress(Buffer.from('disk1:2:/'))), {
    code: 'path-not-found',
  })
})

test('lvm2: the ring of metadata, a disk that was away, a disk that is missing', async (t) => {
  if (await lacksLvm(t)) return
  const folder = await temporaryFolder(t)
  const images = await makeDisks(folder)
  const lvm = await openLvm(t, images)
  await lvm.run('pvcreate', '-q', '--metadatasize', '32k', ...lvm.devices)
  await lvm.run('vgcreate', '-s', '1M', 'vg', ...lvm.devices)
  await lvm.run('lvcreate', '-an', '-Zn', '-Wn', '-n', 'first', '-l', '3', 'vg', lvm.devices[0]!)
  const stale = join(folder, 'stale.img')
  let wraps = 0
  for (let change = 0; change < 24; change++) {
    await lvm.run('lvrename', 'vg', change === 0 ? 'first' : `name${change - 1}`, `name${change}`)
    if (change === 3) await copyFile(images[1]!.path, stale)
    // Texts lie around the end of the area now and then.
    const [start, length] = await placeOfText(images[1]!.path)
    if (start + length > 32 * 1024) wraps++
    if (change % 4 !== 0) continue
    assert.equal(
      (await namesOf(await volumesOf(t, images)))[`vg/name${change}`],
      'nothing but zeros at its beginning',
    )
  }
  assert.ok(wraps >= 1)
  await lvm.run('lvcreate', '-an', '-Zn', '-Wn', '-n', 'both', '-i', '2', '-l', '4', 'vg')
  await lvm.close()
  const renewed = await namesOf(await volumesOf(t, [{ path: stale }, images[0]!]))
  assert.ok('vg/both' in renewed && 'vg/name23' in renewed && !('vg/name3' in renewed))
  const alone = await namesOf(await volumesOf(t, [images[0]!]))
  assert.match(
    alone['vg/both'] ?? '',
    /a volume of which a part is on no disk of this point \(pv1\) of LVM2/,
  )
  assert.equal(alone['vg/name23'], 'nothing but zeros at its beginning')
})

async function placeOfText(image: string): Promise<[number, number]> {
  const head = (await readFile(image)).subarray(4096, 4096 + 64)
  return [Number(head.readBigUInt64LE(40)), Number(head.readBigUInt64LE(48))]
}

test('lvm2: what lies in other ways is named', () => {
  const types = {
    'thin-pool': 'a pool of thin volumes',
    thin: 'a thin volume',
    mirror: 'a mirrored volume',
    raid1: 'a mirrored volume',
    raid6_zr: 'a RAID volume',
    cache: 'a cached volume',
    writecache: 'a cached volume',
    'vdo-pool': 'a VDO volume',
    unheard: 'a volume of an unknown kind',
  }
  const volumes = Object.keys(types).map((type, index) =>
    volumeText(`lv${index}`, `type = "${type}"`),
  )
  const snapshot = [
    volumeText('origin', 'type="striped" stripe_count=1 stripes=["pv0",0]'),
    volumeText('cow', 'type="striped" stripe_count=1 stripes=["pv0",4]'),
    volumeText('snapshot0', 'type="snapshot" origin="origin" cow_store="cow" chunk_size=8', ''),
  ]
  const group = parseGroup(
    `vg { # a comment } {
      id = "aaaaaa-bbbb" seqno = 7 format = "lvm2" status = ["RESIZEABLE", "READ"] extent_size = 8192
      physical_volumes { pv0 { id = "cccc-dd" device = "/dev/\\"odd\\" }" pe_start = 2048 pe_count = 9 } }
      logical_volumes { ${[...volumes, ...snapshot].join('\n')} }
    }
    # Generated by a tool
    contents = "Text Format Volume Group"\nversion = 1\n`,
  )
  assert.equal(group.id, 'aaaaaabbbb')
  const refusals = group.logical.map(({ refusal }) => refusal)
  const expected = Object.entries(types).map(([type, what]) => `${what} (${type})`)
  assert.deepEqual(refusals, [...expected, undefined, 'a snapshot'])
})

function volumeText(name: string, segment: string, visible = '"VISIBLE"'): string {
  return `${name} { id = "x" status = ["READ"${visible && `, ${visible}`}] flags = [] segment_count = 1
    segment1 { start_extent = 0 extent_count = 4 ${segment} } }`
}

test('lvm2: stripes and pieces, against a byte at a time', async () => {
  const extentBytes = 4096
  const shape = fc.array(
    fc.record({
      stripes: fc.integer({ min: 1, max: 4 }),
      rows: fc.integer({ min: 1, max: 3 }),
      shift: fc.integer({ min: 9, max: 12 }),
    }),
    { minLength: 1, maxLength: 4 },
  )
  await fc.assert(
    fc.asyncProperty(shape, fc.nat(), fc.nat(), async (parts, from, some) => {
      const next = [0, 0, 0, 0]
      const segments: Segment[] = []
      let extent = 0
      for (const { stripes, rows, shift } of parts) {
        const list = Array.from({ length: stripes }, (_, at) => ({
          volume: `pv${at}`,
          extent: next[at]!,
        }))
        for (let at = 0; at < stripes; at++) next[at] = next[at]! + rows + 1
        segments.push({
          start: extent,
          extents: rows * stripes,
          stripeBytes: 2 ** shift,
          stripes: list,
        })
        extent += rows * stripes
      }
      const disks = next.map((extents, at) => bytesOf(`pv${at}`, 1000 + extents * extentBytes))
      const layout = {
        extentBytes,
        physical: new Map(
          next.map((extents, at) => [`pv${at}`, { id: `${at}`, firstBytes: 1000, extents }]),
        ),
      }
      const readers = new Map(
        disks.map((disk, at) => [
          `pv${at}`,
          { sizeBytes: disk.length, read: async (o: number, l: number) => disk.subarray(o, o + l) },
        ]),
      )
      const whole = byteByByte(segments, disks, extentBytes)
      const reader = logicalReader(layout, segments, readers)
      assert.equal(reader.sizeBytes, whole.length)
      const start = from % whole.length
      const length = some % (whole.length - start + 1)
      assert.ok((await reader.read(start, length)).equals(whole.subarray(start, start + length)))
      let covered = 0
      for (const piece of piecesOf(layout, segments, start, length)) covered += piece.length
      assert.equal(covered, length)
    }),
    { numRuns: 300 },
  )
})

function byteByByte(
  segments: readonly Segment[],
  disks: readonly Buffer[],
  extentBytes: number,
): Buffer {
  const bytes: number[] = []
  for (const { extents, stripeBytes, stripes } of segments)
    for (let at = 0; at < extents * extentBytes; at++) {
      const row = Math.floor(at / stripeBytes)
      const { volume, extent } = stripes.length === 1 ? stripes[0]! : stripes[row % stripes.length]!
      const within =
        stripes.length === 1
          ? at
          : Math.floor(row / stripes.length) * stripeBytes + (at % stripeBytes)
      bytes.push(disks[Number(volume.slice(2))]![1000 + extent * extentBytes + within]!)
    }
  return Buffer.from(bytes)
}
