import assert from 'node:assert/strict'
import { truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { partitionContent } from '../../core/filesystem/partition-content.ts'
import { openFileSystem } from '../../core/filesystem/open.ts'
import { probe, type ContentKind } from '../../core/filesystem/probe.ts'
import type { ByteReader } from '../../core/filesystem/byte-reader.ts'
import { fileReader, tool } from '../support/ext-images.ts'
import { temporaryFolder } from '../support/images.ts'
import { lacksTool } from '../support/needs.ts'

const SIZE = 4 * 2 ** 20 + 512

function holding(...pieces: readonly (readonly [number, Buffer])[]): ByteReader {
  const bytes = Buffer.alloc(SIZE)
  for (const [at, piece] of pieces) piece.copy(bytes, at)
  return {
    sizeBytes: SIZE,
    read: async (offset, length) => Buffer.from(bytes.subarray(offset, offset + length)),
  }
}

const text = (value: string) => Buffer.from(value, 'latin1')
const raid = Buffer.from('fc4e2ba9', 'hex')
const CASES: readonly (readonly [ContentKind, ByteReader])[] = [
  ['empty', holding()],
  ['unknown', holding([5000, text('something')])],
  ['luks1', holding([0, text('LUKS\xba\xbe\0\x01')])],
  ['luks2', holding([0, text('LUKS\xba\xbe\0\x02')])],
  ['luks', holding([0, text('LUKS\xba\xbe\0\x03')])],
  ['zfs', holding([16384, Buffer.from('010100000000000000000001', 'hex')])],
  ['bitlocker', holding([3, text('-FVE-FS-')])],
  ['lvm2', holding([512, text('LABELONE')])],
  ['md', holding([4096, raid])],
  ['md', holding([0, raid])],
  [
    'md',
    holding([1080, Buffer.from('53ef', 'hex')], [Math.floor((SIZE / 512 - 16) / 8) * 4096, raid]),
  ],
  ['md', holding([Math.floor(SIZE / 65536) * 65536 - 65536, raid])],
  ['bcachefs', holding([4120, Buffer.from('c68573f666ce90a9d96a60cf803df7ef', 'hex')])],
  ['refs', holding([3, text('ReFS\0\0\0\0')])],
  ['ntfs', holding([3, text('NTFS    ')])],
  ['exfat', holding([3, text('EXFAT   ')])],
  ['xfs', holding([0, text('XFSB')])],
  ['ext', holding([1080, Buffer.from('53ef', 'hex')])],
  ['btrfs', holding([65600, text('_BHRfS_M')])],
  ['swap', holding([4086, text('SWAPSPACE2')])],
]

test('what a partition holds is known by its magic', async () => {
  for (const [kind, disk] of CASES) assert.equal(await probe(disk), kind)
})

test('what cannot be read is named, with a way out', async () => {
  const names: Partial<Record<ContentKind, RegExp>> = {
    luks1: /LUKS1/,
    luks2: /LUKS2/,
    zfs: /ZFS/,
    bitlocker: /BitLocker/,
    md: /RAID/,
    refs: /ReFS/,
    bcachefs: /bcachefs/,
    swap: /swap/,
    empty: /nothing/,
  }
  for (const [kind, disk] of CASES) {
    const name = names[kind]
    if (!name) continue
    await assert.rejects(openFileSystem(disk, kind, 'partition 3 of disk a'), (error: Error) => {
      assert.match(error.message, /^partition 3 of disk a holds /)
      assert.match(error.message, name)
      assert.match((error as Error & { hint: string }).hint, /holdfast export/)
      return true
    })
  }
})

test('the type of a partition says what its first bytes cannot', async () => {
  const kind = (type: string, disk = holding()) => partitionContent({ type }, disk)
  const ntfs = holding([3, text('NTFS    ')])
  assert.equal(await kind('0x42', ntfs), 'ldm')
  assert.equal(await kind('af9b60a0-1431-4f62-bc68-3311714a69ad', ntfs), 'ldm')
  assert.equal(await kind('e3c9e316-0b5c-4db8-817d-f92df00215ae'), 'reserved')
  assert.equal(await kind('e3c9e316-0b5c-4db8-817d-f92df00215ae', ntfs), 'ntfs')
  assert.equal(
    await kind('21686148-6449-6e6f-744e-656564454649', holding([9, text('x')])),
    'boot-loader',
  )
  assert.equal(await kind('0x83'), 'empty')
})

test('volumes are known as their own tools make them', async (t) => {
  if (lacksTool(t, 'cryptsetup')) return
  const folder = await temporaryFolder(t)
  const key = join(folder, 'key')
  await writeFile(key, 'a key for this test')
  for (const version of [1, 2]) {
    const image = join(folder, `luks${version}`)
    await writeFile(image, '')
    await truncate(image, 20 * 2 ** 20)
    const quick = ['--pbkdf', 'pbkdf2', '--pbkdf-force-iterations', '1000']
    const format = ['luksFormat', '-q', `--type=luks${version}`, ...quick, image, key]
    await tool('cryptsetup', ...format)
    const reader = await fileReader(image)
    t.after(() => reader.close())
    assert.equal(await probe(reader), `luks${version}`)
  }
})
