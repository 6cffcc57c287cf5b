import assert from 'node:assert/strict'
import { cp, mkdir, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after } from 'node:test'
import { openExfat } from '../../core/filesystem/exfat/exfat-file-system.ts'
import { recognisesExfat } from '../../core/filesystem/exfat/geometry.ts'
import { bytesOf, fileReader, tool } from '../support/ext-images.ts'
import { canMount, whileMounted } from '../support/image-mount.ts'
import { bufferReader } from '../support/buffer-reader.ts'
import { hasTool, lacks } from '../support/needs.ts'
import { makePlainTree } from '../support/plain-tree.ts'
import { contractSuite, walk } from './contract.suite.ts'

const folder = await mkdtemp(join(tmpdir(), 'holdfast-exfat-'))
const closers: (() => Promise<void>)[] = []
after(async () => {
  for (const close of closers) await close()
  await rm(folder, { recursive: true })
})

const MIB = 2 ** 20
const mountPoint = join(folder, 'mounted')
const driver = ['mount.exfat-fuse']
const isAble =
  ['mkfs.exfat', 'mount.exfat-fuse'].every((name) => hasTool(name)) && (await canMount('fuse'))

async function makeImage(name: string, wide: number, sizeBytes: number) {
  const source = join(folder, name)
  await mkdir(source)
  const tree = await makePlainTree(source, wide, 12, ['😀 beyond the plane.txt'])
  const image = join(folder, `${name}.img`)
  await writeFile(image, '')
  await truncate(image, sizeBytes)
  await tool('mkfs.exfat', '-L', 'Läbel', image)
  await whileMounted(image, mountPoint, driver, async () => {
    // Gaps first, so that what follows lies in pieces, in entries that were used before.
    await mkdir(join(mountPoint, 'gaps'))
    const gap = (i: number) => join(mountPoint, 'gaps', `gap to be ${i}`)
    for (let i = 0; i < 100; i++) await writeFile(gap(i), bytesOf('gap', 9000))
    for (let i = 0; i < 100; i += 2) await rm(gap(i))
    await writeFile(join(mountPoint, 'in pieces'), bytesOf('in pieces', 3_000_001))
    await cp(source, mountPoint, { recursive: true, preserveTimestamps: true })
    await rm(join(mountPoint, 'gaps'), { recursive: true })
  })
  tree.expected.set('in pieces', { type: 'file', content: bytesOf('in pieces', 3_000_001) })
  return { image, tree }
}

const built = isAble ? await makeImage('exfat', 1000, 64 * MIB) : undefined

async function openImage(image: string) {
  const reader = await fileReader(image)
  closers.push(() => reader.close())
  return openExfat(reader)
}

if (built) contractSuite('exfat', () => openImage(built.image), built.tree.expected)

test('exfat: is recognised, has its label and the times of its files', async (t) => {
  if (lacks(t, 'exFAT over FUSE', built !== undefined) || !built) return
  assert.ok(recognisesExfat((await readFile(built.image)).subarray(0, 512)))
  const system = await openImage(built.image)
  assert.equal(system.label, 'Läbel')
  const found = await walk(system)
  await whileMounted(built.image, mountPoint, ['mount.exfat-fuse', '-o', 'ro'], async () => {
    for (const path of [...built.tree.files, 'in pieces']) {
      const entry = found.get(Buffer.from(path).toString('latin1'))
      const { modifiedAt, sizeBytes } = await system.status(entry?.id ?? '')
      const theirs = await stat(join(mountPoint, path), { bigint: true })
      // Their driver leaves the hundredths out.
      assert.equal((modifiedAt ?? 0n) / 2_000_000_000n, theirs.mtimeNs / 2_000_000_000n, path)
      assert.equal(BigInt(sizeBytes), theirs.size)
    }
  })
})

test('exfat: names are found in any case', async (t) => {
  if (lacks(t, 'exFAT over FUSE', built !== undefined) || !built) return
  const system = await openImage(built.image)
  for (const name of ['upper.txt', 'LOWER.TXT', 'üNÏCÖDÉ ß.TXT'])
    assert.ok(await system.lookup(system.root, Buffer.from(name)), name)
})

/** A file is made larger than 4 GiB by its entries alone: in one piece, behind 100,001 bytes zeros. */
test('exfat: a file of more than 4 GiB, of which little is valid', async (t) => {
  if (lacks(t, 'exFAT over FUSE', isAble)) return
  const image = join(folder, 'large.img')
  await writeFile(image, '')
  await truncate(image, 6 * 2 ** 30)
  await tool('mkfs.exfat', image)
  const content = bytesOf('valid', 100_001)
  await whileMounted(image, mountPoint, driver, () => writeFile(join(mountPoint, 'large'), content))
  const reader = await fileReader(image)
  closers.push(() => reader.close())
  const plain = await openExfat(reader)
  const entry = await plain.lookup(plain.root, Buffer.from('large'))
  const place = Number(entry?.id.split('-')[0])
  const sizeBytes = 5 * 2 ** 30 + 123
  const set = await reader.read(place, 96)
  set.writeUInt8(set.readUInt8(33) | 2, 33)
  set.writeBigUInt64LE(BigInt(sizeBytes), 56)
  set.writeUInt16LE(checksum(set), 2)
  const system = await openExfat({
    sizeBytes: reader.sizeBytes,
    async read(offset, length) {
      const bytes = await reader.read(offset, length)
      const from = place - offset
      if (from > -96 && from < length)
        set.copy(bytes, Math.max(from, 0), Math.max(-from, 0), Math.min(96, length - from))
      return bytes
    },
  })
  const large = await system.lookup(system.root, Buffer.from('large'))
  const file = await system.open(large?.id ?? '')
  assert.equal(file.sizeBytes, sizeBytes)
  assert.ok((await file.read(0, 100_001)).equals(content))
  assert.ok((await file.read(sizeBytes - 1000, 2000)).equals(Buffer.alloc(1000)))
  const extents = []
  for await (const { offset, length, hole } of file.extents())
    extents.push({ offset, length, hole })
  assert.deepEqual(extents, [
    { offset: 0, length: 100_001, hole: false },
    { offset: 100_001, length: sizeBytes - 100_001, hole: true },
  ])
})

function checksum(set: Buffer): number {
  let sum = 0
  for (const [at, byte] of set.entries())
    if (at !== 2 && at !== 3) sum = (((sum & 1) << 15) + (sum >> 1) + byte) & 0xffff
  return sum
}

test('exfat: the second boot region serves where the first is damaged', async (t) => {
  if (lacks(t, 'exFAT over FUSE', built !== undefined) || !built) return
  const bytes = await readFile(built.image)
  bytes.fill(0x55, 64, 110)
  const system = await openExfat(bufferReader(bytes))
  assert.match(system.warnings.join(), /boot region is damaged/)
  assert.equal((await walk(system)).size, built.tree.expected.size)
  bytes.fill(0x55, 12 * 512 + 64, 12 * 512 + 110)
  await assert.rejects(openExfat(bufferReader(bytes)), { code: 'filesystem-damaged' })
})
