import { damaged } from '../damaged.ts'
import { crc32c } from '../crc32c.ts'
import { requireName } from '../name.ts'
import type { GuestEntry, GuestType } from '../file-system.ts'
import { openContent } from './content.ts'
import type { Inode } from './inode.ts'
import type { Volume } from './volume.ts'

const TYPES: readonly GuestType[] = [
  'other',
  'file',
  'folder',
  'character-device',
  'block-device',
  'fifo',
  'socket',
  'link',
]
const CHECKSUM_TAIL = 12

/** Entries of a folder; those of type 'other' have to be looked up in their inodes (old ext2). */
export async function* folderEntries(volume: Volume, inode: Inode): AsyncGenerator<GuestEntry> {
  const content = await openContent(volume, inode)
  if (inode.isInline) {
    const bytes = await content.read(0, inode.sizeBytes)
    // The parent's number comes first, and what lies beyond the inode begins a row of its own.
    yield* entries(volume, inode, bytes.subarray(4, 60))
    if (bytes.length > 60) yield* entries(volume, inode, bytes.subarray(60))
    return
  }
  const { blockBytes } = volume.superblock
  // Also with an index: its blocks look like blocks without entries to who reads one after another.
  for await (const extent of content.extents()) {
    if (extent.hole) continue
    for (let at = extent.offset; at < extent.offset + extent.length; at += blockBytes) {
      const block = await content.read(at, blockBytes)
      requireChecksum(volume, inode, block, at)
      yield* entries(volume, inode, block)
    }
  }
}

function* entries(volume: Volume, inode: Inode, block: Buffer): Generator<GuestEntry> {
  const { hasFileTypes } = volume.superblock
  for (let at = 0; at + 8 <= block.length;) {
    const number = block.readUInt32LE(at)
    const length = recordLength(block, at)
    const nameBytes = hasFileTypes ? block[at + 6]! : block.readUInt16LE(at + 6)
    const isSound = length >= 8 && length % 4 === 0 && at + length <= block.length
    if (!isSound || (number !== 0 && (nameBytes + 8 > length || nameBytes === 0)))
      throw broken(volume, inode, 'a broken list of entries')
    const name = Buffer.from(block.subarray(at + 8, at + 8 + nameBytes))
    const type = hasFileTypes ? (TYPES[block[at + 7]! & 7] ?? 'other') : 'other'
    at += length
    if (number !== 0 && !isDots(name)) yield toEntry(volume, inode, { name, type, number })
  }
}

function toEntry(
  { superblock }: Volume,
  inode: Inode,
  { name, type, number }: { name: Buffer; type: GuestType; number: number },
): GuestEntry {
  const id = String(number)
  if (!inode.isEncrypted) {
    requireName(name, `${superblock.kind}: folder inode ${inode.number}`)
    return { name, type, id }
  }
  return { name: Buffer.from(name.toString('base64url')), type, id, encrypted: true }
}

function isDots(name: Buffer): boolean {
  return name.equals(Buffer.from('.')) || name.equals(Buffer.from('..'))
}

/** Blocks of 64 KiB have records whose length does not fit: its low bits stand for high ones. */
function recordLength(block: Buffer, at: number): number {
  const stored = block.readUInt16LE(at + 4)
  if (block.length < 65536) return stored
  if (stored === 0xffff || stored === 0) return 65536
  return (stored & 0xfffc) | ((stored & 3) << 16)
}

/** Blocks of an index have their checksum elsewhere; they hold no entries. */
function requireChecksum(volume: Volume, inode: Inode, block: Buffer, at: number): void {
  if (inode.checksumSeed === undefined) return
  const isIndex = block.readUInt32LE(0) === 0 && recordLength(block, 0) === block.length
  // What remains there of the list that was indexed may look like a checksum of its own.
  if (isIndex || (inode.isIndexed && at === 0)) return
  const tail = block.length - CHECKSUM_TAIL
  const hasTail =
    block.readUInt32LE(tail) === 0 &&
    block.readUInt16LE(tail + 4) === CHECKSUM_TAIL &&
    block.readUInt16LE(tail + 6) === 0xde00
  if (!hasTail) return
  if (block.readUInt32LE(tail + 8) !== crc32c(inode.checksumSeed, block.subarray(0, tail)))
    throw broken(volume, inode, `entries at byte ${at} that do not match their checksum`)
}

function broken({ superblock }: Volume, inode: Inode, what: string) {
  return damaged(`${superblock.kind}: folder inode ${inode.number} has ${what}`)
}
