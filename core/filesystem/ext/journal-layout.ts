import { damaged } from '../damaged.ts'
import { crc32c } from '../crc32c.ts'

export const JOURNAL_MAGIC = 0xc03b3998
export const DESCRIPTOR = 1
export const COMMIT = 2
export const REVOKE = 5

const SUPERBLOCK_V2 = 4
const CHECKSUM_V1 = 0x1
const BITS_64 = 0x2
const CHECKSUM_V2 = 0x8
const CHECKSUM_V3 = 0x10
const FAST_COMMITS = 0x20
/** revoke, 64bit, async commit, checksums v2 and v3, fast commits */
const KNOWN = 0x3f

export interface JournalShape {
  readonly blockBytes: number
  /** Blocks [first, end) are used in a circle. */
  readonly first: number
  readonly end: number
  /** Where the oldest transaction begins; 0 when the journal is empty. */
  readonly start: number
  readonly sequence: number
  readonly is64: boolean
  readonly checksums: 'none' | 'v1' | 'v2' | 'v3'
  readonly seed: number
  readonly hasFastCommits: boolean
}

export function parseJournalShape(bytes: Buffer, blocks: number): JournalShape {
  const u32 = (at: number) => bytes.readUInt32BE(at)
  if (u32(0) !== JOURNAL_MAGIC) throw damaged('ext: the journal has no superblock')
  const isV2 = u32(4) === SUPERBLOCK_V2
  const features = isV2 ? u32(0x28) : 0
  if (features & ~KNOWN) throw damaged('ext: the journal uses unknown features')
  const isChecked = (features & (CHECKSUM_V2 | CHECKSUM_V3)) !== 0
  if (isChecked) requireChecksum(bytes)
  const hasFastCommits = (features & FAST_COMMITS) !== 0
  const reserved = hasFastCommits ? u32(0x54) || 256 : 0
  const shape: JournalShape = {
    ...{ blockBytes: u32(0xc), first: u32(0x14), end: u32(0x10) - reserved },
    ...{ start: u32(0x1c), sequence: u32(0x18), hasFastCommits },
    is64: (features & BITS_64) !== 0,
    checksums: checksumKind(features, isV2 ? u32(0x24) : 0),
    seed: crc32c(0xffffffff, bytes.subarray(0x30, 0x40)),
  }
  const { first, end, start } = shape
  const isInside = first >= 1 && first < end && u32(0x10) <= blocks
  if (!isInside || (start !== 0 && (start < first || start >= end)))
    throw damaged('ext: the journal has impossible sizes')
  return shape
}

function checksumKind(features: number, compatible: number): JournalShape['checksums'] {
  if (features & CHECKSUM_V3) return 'v3'
  if (features & CHECKSUM_V2) return 'v2'
  return compatible & CHECKSUM_V1 ? 'v1' : 'none'
}

function requireChecksum(bytes: Buffer): void {
  const cleared = Buffer.from(bytes.subarray(0, 1024))
  cleared.writeUInt32BE(0, 0xfc)
  if (crc32c(0xffffffff, cleared) !== bytes.readUInt32BE(0xfc))
    throw damaged('ext: the superblock of the journal does not match its checksum')
}

/** A block that a transaction will write, as its descriptor announces it. */
export interface Tag {
  readonly block: number
  /** Its first four bytes were the journal's magic number, and were taken out. */
  readonly isEscaped: boolean
  readonly checksum: number
}

const ESCAPED = 1
const SAME_UUID = 2
const LAST = 8

export function parseTags(shape: JournalShape, bytes: Buffer): Tag[] {
  const isV3 = shape.checksums === 'v3'
  const isChecked = isV3 || shape.checksums === 'v2'
  const tagBytes = isV3 ? 16 : 8 + (shape.checksums === 'v2' ? 2 : 0) + (shape.is64 ? 4 : 0)
  const limit = bytes.length - (isChecked ? 4 : 0)
  const tags: Tag[] = []
  for (let at = 12; at + tagBytes <= limit;) {
    const flags = isV3 ? bytes.readUInt32BE(at + 4) : bytes.readUInt16BE(at + 6)
    const high = shape.is64 ? bytes.readUInt32BE(at + 8) : 0
    tags.push({
      block: bytes.readUInt32BE(at) + high * 2 ** 32,
      isEscaped: (flags & ESCAPED) !== 0,
      checksum: isV3 ? bytes.readUInt32BE(at + 12) : bytes.readUInt16BE(at + 4),
    })
    if (flags & LAST) break
    at += tagBytes + (flags & SAME_UUID ? 0 : 16)
  }
  return tags
}

export function parseRevoked(shape: JournalShape, bytes: Buffer): number[] {
  const width = shape.is64 ? 8 : 4
  const end = Math.min(bytes.readUInt32BE(12), bytes.length)
  const blocks: number[] = []
  for (let at = 16; at + width <= end; at += width)
    blocks.push(shape.is64 ? Number(bytes.readBigUInt64BE(at)) : bytes.readUInt32BE(at))
  return blocks
}
