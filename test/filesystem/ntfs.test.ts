import assert from 'node:assert/strict'
import { lstat, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after } from 'node:test'
import { fetchPaths } from '../../core/filesystem/browse/fetch-paths.ts'
import { GuestVolumes } from '../../core/filesystem/browse/volumes.ts'
import { LONG_STREAM } from '../../core/model/long-stream.ts'
import type { GuestFileSystem } from '../../core/filesystem/file-system.ts'
import { recognisesNtfs } from '../../core/filesystem/ntfs/boot-sector.ts'
import { openNtfs } from '../../core/filesystem/ntfs/open.ts'
import { bytesOf, fileReader, tool } from '../support/ext-images.ts'
import { canMount, whileMounted } from '../support/image-mount.ts'
import { bufferReader } from '../support/buffer-reader.ts'
import { hasTool, lacks, lacksTool } from '../support/needs.ts'
import { makeNtfs, NTFS_DRIVER } from '../support/ntfs-images.ts'
import { contractSuite, walk } from './contract.suite.ts'

const folder = await mkdtemp(join(tmpdir(), 'holdfast-ntfs-'))
const closers: (() => Promise<void>)[] = []
after(async () => {
  for (const close of closers) await close()
  await rm(folder, { recursive: true })
})

const MIB = 2 ** 20
const needed = ['mkntfs', 'ntfs-3g', 'setfattr']
const isAble = needed.every((name) => hasTool(name)) && (await canMount('fuse'))
const KINDS = [
  { name: 'ntfs', wide: 1000, sizeBytes: 64 * MIB, clusterBytes: 4096 },
  { name: 'ntfs, clusters of 512', wide: 150, sizeBytes: 32 * MIB, clusterBytes: 512 },
  { name: 'ntfs, clusters of 64 KiB', wide: 30, sizeBytes: 128 * MIB, clusterBytes: 65536 },
]

async function openImage(image: string): Promise<GuestFileSystem> {
  const reader = await fileReader(image)
  closers.push(() => reader.close())
  return openNtfs(reader)
}

async function find(system: GuestFileSystem, name: string): Promise<string> {
  const entry = await system.lookup(system.root, Buffer.from(name))
  assert.ok(entry, name)
  return entry.id
}

const built = []
for (const { name, ...options } of isAble ? KINDS : []) {
  const made = await makeNtfs(folder, name, options)
  built.push({ name, ...made })
}

for (const { name, image, tree } of built) {
  contractSuite(name, () => openImage(image), tree.expected, ['compacted'])

  test(`${name}: sizes, times and counts of names are what the driver sees`, async () => {
    assert.ok(recognisesNtfs((await readFile(image)).subarray(0, 512)))
    const system = await openImage(image)
    assert.equal(system.label, 'Läbel')
    assert.deepEqual(system.warnings, [])
    const found = await walk(system)
    await whileMounted(image, join(folder, 'mounted'), [...NTFS_DRIVER, '-o', 'ro'], async () => {
      for (const [path, { id, type }] of found) {
        const place = Buffer.concat([
          Buffer.from(`${folder}/mounted/`),
          Buffer.from(path, 'latin1'),
        ])
        const theirs = await lstat(place, { bigint: true })
        const ours = await system.status(id)
        assert.equal(ours.modifiedAt, theirs.mtimeNs, path)
        assert.equal(ours.changedAt, theirs.ctimeNs, path)
        if (type !== 'file' || path === 'compacted') continue
        assert.equal(BigInt(ours.sizeBytes), theirs.size, path)
        assert.equal(BigInt(ours.links), theirs.nlink, path)
      }
    })
  })
}

const [first] = built

test('ntfs: another reader sees the same names', async (t) => {
  if (lacks(t, 'NTFS over FUSE', first !== undefined) || !first || lacksTool(t, 'fls')) return
  const listed = await tool('fls', '-r', '-p', '-u', '-F', first.image)
  const theirs = new Set<string>()
  for (const line of listed.split('\n')) {
    const name = line.slice(line.indexOf('\t') + 1).replace(/:.*/, '')
    if (line !== '' && !/^\$(?!x)/.test(name)) theirs.add(name.slice(0, 200))
  }
  const ours = new Set<string>()
  for (const [path, { type }] of await walk(await openImage(first.image)))
    if (type === 'file' || type === 'link')
      ours.add(Buffer.from(path, 'latin1').toString().slice(0, 200))
  ours.delete('junction')
  theirs.delete('junction')
  assert.deepEqual([...ours].sort(), [...theirs].sort())
})

test('ntfs: streams beside the content', async (t) => {
  if (lacks(t, 'NTFS over FUSE', first !== undefined) || !first) return
  const system = await openImage(first.image)
  const id = await find(system, 'with streams')
  const streams = (await system.streams?.(id)) ?? []
  assert.deepEqual(
    streams.map(({ name, sizeBytes }) => [name.toString(), sizeBytes]),
    [
      ['first', 14],
      ['zweiter Ström', 200_000],
    ],
  )
  const large = await system.open(id, Buffer.from('zweiter Ström'))
  assert.ok((await large.read(0, 300_000)).equals(bytesOf('stream', 200_000)))
  await assert.rejects(system.open(id, Buffer.from('third')), { code: 'path-not-found' })
})

test('ntfs: streams are fetched as attributes, or by their own names', async (t) => {
  if (lacks(t, 'NTFS over FUSE', first !== undefined) || !first) return
  const reader = await fileReader(first.image)
  closers.push(() => reader.close())
  const volumes = new GuestVolumes([{ name: 'disk', reader }])
  const paths = ['/with streams', '/with streams:zweiter Ström', '/with streams:third']
  const parts = []
  for await (const part of fetchPaths(
    volumes,
    paths.map((path) => Buffer.from(path)),
  ))
    parts.push(part)
  const heads = parts.flatMap((part) => ('head' in part ? [part.head] : []))
  assert.deepEqual(
    heads.map(({ path, attributes }) => [
      Buffer.from(path).toString(),
      attributes
        .filter(({ name }) => !name.toString().startsWith('system.'))
        .map(({ name, value }) => [name.toString(), value.toString()]),
    ]),
    [
      [
        'with streams',
        [
          ['user.first', 'a small stream'],
          [`${LONG_STREAM}zweiter Ström`, ''],
        ],
      ],
      ['with streams:zweiter Ström', []],
    ],
  )
  const data = parts.flatMap((part) => ('data' in part ? [part.data] : []))
  assert.ok(Buffer.concat(data).subarray(4).equals(bytesOf('stream', 200_000)), 'after `main`')
  const failed = parts.flatMap((part) => ('failed' in part ? [part.failed.failure.code] : []))
  assert.deepEqual(failed, ['path-not-found'])
})

test('ntfs: what cannot be read is named', async (t) => {
  if (lacks(t, 'NTFS over FUSE', first !== undefined) || !first) return
  const system = await openImage(first.image)
  const id = await find(system, 'compacted')
  assert.equal((await system.status(id)).type, 'file')
  await assert.rejects(system.open(id), { code: 'filesystem-unsupported', message: /WOF/ })
})

test('ntfs: names are found in any case, all names of a file have one id', async (t) => {
  if (lacks(t, 'NTFS over FUSE', first !== undefined) || !first) return
  const system = await openImage(first.image)
  for (const name of ['upper.txt', 'LOWER.TXT', 'üNÏCÖDÉ ß.TXT']) await find(system, name)
  const wide = await find(system, 'wide')
  for (let i = 0; i < 1000; i += 97)
    assert.ok(await system.lookup(wide, Buffer.from(`ENTRY ${'OF MANY '.repeat(i % 9)}${i}.dat`)))
  assert.equal(await system.lookup(wide, Buffer.from('entry 5000.dat')), undefined)
  const id = await find(system, 'size 4097')
  assert.equal((await system.status(id)).links, 31)
  for await (const entry of system.list(await find(system, 'names'))) assert.equal(entry.id, id)
})

/** A restart page as Windows writes two of at the beginning of the log. */
function restartPage(sequence: bigint, flags: number): Buffer {
  const page = Buffer.alloc(4096)
  page.write('RSTR')
  page.writeUInt16LE(30, 4)
  page.writeUInt16LE(9, 6)
  page.writeUInt32LE(4096, 16)
  page.writeUInt32LE(4096, 20)
  page.writeUInt16LE(56, 24)
  page.writeBigUInt64LE(sequence, 56)
  page.writeUInt16LE(1, 64)
  page.writeUInt16LE(0xffff, 66)
  page.writeUInt16LE(flags, 70)
  page.writeUInt16LE(7, 30)
  for (let at = 510; at < 4096; at += 512) page.writeUInt16LE(7, at)
  return page
}

test('ntfs: a volume that was in use says so', async (t) => {
  if (lacks(t, 'NTFS over FUSE', first !== undefined) || !first) return
  const bytes = await readFile(first.image)
  // mkntfs fills the log with ones, which means that it is empty.
  let log = bytes.indexOf(Buffer.alloc(65536, 0xff))
  log += (4096 - (log % 4096)) % 4096
  const warningsOf = async (...pages: Buffer[]) => {
    Buffer.concat(pages).copy(bytes, log)
    return (await openNtfs(bufferReader(bytes))).warnings
  }
  assert.deepEqual(await warningsOf(restartPage(5n, 2), restartPage(4n, 0)), [])
  assert.match((await warningsOf(restartPage(5n, 2), restartPage(6n, 0))).join(), /\$LogFile/)
  assert.match((await warningsOf(restartPage(7n, 0), restartPage(6n, 2))).join(), /\$LogFile/)
  assert.match((await warningsOf(Buffer.alloc(8192))).join(), /\$LogFile/)
})
