import assert from 'node:assert/strict'
import test from 'node:test'
import { openFileSystem } from '../../core/filesystem/open.ts'
import { probe, type ContentKind } from '../../core/filesystem/probe.ts'
import type { ByteReader } from '../../core/filesystem/byte-reader.ts'

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
  ['luks', holding([0, text('LUKS\xba\xbe\0\x02')])],
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
    luks: /LUKS/,
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
