import { damaged, unsupported } from '../damaged.ts'
import { crc32c, uint32le } from '../crc32c.ts'
import type { GuestStatus, GuestType } from '../file-system.ts'
import type { Superblock } from './superblock.ts'
import type { Volume } from './volume.ts'

const ENCRYPTED = 0x800
const INDEXED = 0x1000
const EXTENTS = 0x80000
const EXTENDED_VALUE = 0x200000
const INLINE = 0x10000000

const TYPES: Readonly<Record<number, GuestType>> = {
  1: 'fifo',
  2: 'character-device',
  4: 'folder',
  6: 'block-device',
  8: 'file',
  10: 'link',
  12: 'socket',
}

export interface Inode {
  readonly number: number
  readonly type: GuestType
  readonly sizeBytes: number
  readonly status: GuestStatus
  /** The 60 bytes that hold pointers, an extent tree's root, a short link or inline data. */
  readonly root: Buffer
  readonly hasExtents: boolean
  /** A folder whose first block is the root of an index. */
  readonly isIndexed: boolean
  readonly isInline: boolean
  readonly isEncrypted: boolean
  /** Holds a long value of an extended attribute of another inode. */
  readonly isValue: boolean
  readonly attributeBlock: number
  /** The end of the inode: extended attributes that fit there. */
  readonly tail: Buffer
  /** Of checksums of what belongs to this inode. */
  readonly checksumSeed: number | undefined
}

export async function readInode(volume: Volume, number: number): Promise<Inode> {
  const { superblock } = volume
  const offset = await volume.inodeOffset(number)
  const bytes = await volume.disk.read(offset, superblock.inodeBytes)
  const checksumSeed = requireChecksum(superblock, number, bytes)
  const mode = bytes.readUInt16LE(0)
  const type = TYPES[mode >> 12]
  if (!type || bytes.readUInt16LE(0x1a) === 0)
    throw damaged(`${superblock.kind}: inode ${number} is not in use`)
  const flags = bytes.readUInt32LE(0x20)
  const sizeBytes = sizeOf(superblock, number, bytes, type)
  const isEncrypted = (flags & ENCRYPTED) !== 0
  return {
    ...{ number, type, sizeBytes, isEncrypted, checksumSeed },
    status: statusOf(number, bytes, type, { sizeBytes, isEncrypted }),
    root: bytes.subarray(0x28, 0x64),
    hasExtents: (flags & EXTENTS) !== 0,
    isIndexed: (flags & INDEXED) !== 0,
    isInline: (flags & INLINE) !== 0,
    isValue: (flags & EXTENDED_VALUE) !== 0,
    attributeBlock: bytes.readUInt32LE(0x68) + bytes.readUInt16LE(0x76) * 2 ** 32,
    tail: tailOf(superblock, number, bytes),
  }
}

/** The bytes beyond the first 128 that this inode uses itself. */
function extraBytes(bytes: Buffer): number {
  return bytes.length > 128 ? bytes.readUInt16LE(0x80) : 0
}

function tailOf({ kind }: Superblock, number: number, bytes: Buffer): Buffer {
  const start = 128 + extraBytes(bytes)
  if (start > bytes.length || start % 4 !== 0)
    throw damaged(`${kind}: inode ${number} is larger than inodes are`)
  return bytes.subarray(start)
}

function requireChecksum({ checksumSeed, kind }: Superblock, number: number, bytes: Buffer) {
  if (checksumSeed === undefined) return undefined
  const owner = crc32c(checksumSeed, uint32le(number))
  const seed = crc32c(owner, bytes.subarray(0x64, 0x68))
  const cleared = Buffer.from(bytes)
  cleared.writeUInt16LE(0, 0x7c)
  const hasHigh = extraBytes(bytes) >= 4
  if (hasHigh) cleared.writeUInt16LE(0, 0x82)
  const stored = bytes.readUInt16LE(0x7c) + (hasHigh ? bytes.readUInt16LE(0x82) * 65536 : 0)
  const computed = crc32c(seed, cleared)
  if (stored !== (hasHigh ? computed : computed & 0xffff))
    throw damaged(`${kind}: inode ${number} does not match its checksum`)
  return seed
}

function sizeOf(superblock: Superblock, number: number, bytes: Buffer, type: GuestType): number {
  const isLarge = type === 'file' || (type === 'folder' && superblock.hasLargeFolders)
  const size = bytes.readUInt32LE(4) + (isLarge ? bytes.readUInt32LE(0x6c) * 2 ** 32 : 0)
  // Blocks of a file are numbered by 32 bits.
  if (size > superblock.blockBytes * 2 ** 32)
    throw damaged(`${superblock.kind}: inode ${number} has an impossible size`)
  return type === 'file' || type === 'folder' || type === 'link' ? size : 0
}

function statusOf(
  number: number,
  bytes: Buffer,
  type: GuestType,
  { sizeBytes, isEncrypted }: { sizeBytes: number; isEncrypted: boolean },
): GuestStatus {
  const used = 128 + extraBytes(bytes)
  const time = (at: number, extra: number) =>
    timeOf(bytes.readInt32LE(at), extra + 4 <= used ? bytes.readUInt32LE(extra) : 0)
  return {
    id: String(number),
    ...{ type, sizeBytes },
    mode: bytes.readUInt16LE(0) & 0o7777,
    owner: {
      uid: bytes.readUInt16LE(0x2) + bytes.readUInt16LE(0x78) * 65536,
      gid: bytes.readUInt16LE(0x18) + bytes.readUInt16LE(0x7a) * 65536,
    },
    links: bytes.readUInt16LE(0x1a),
    accessedAt: time(0x8, 0x8c),
    changedAt: time(0xc, 0x84),
    modifiedAt: time(0x10, 0x88),
    createdAt: used >= 0x98 ? time(0x90, 0x94) : null,
    device: type.endsWith('device') ? deviceOf(bytes) : null,
    encrypted: isEncrypted,
  }
}

/** Two bits more of seconds reach beyond 2038, thirty are nanoseconds. */
function timeOf(seconds: number, extra: number): bigint {
  const whole = BigInt(seconds) + (BigInt(extra & 3) << 32n)
  return whole * 1_000_000_000n + BigInt(extra >>> 2)
}

function deviceOf(bytes: Buffer): { major: number; minor: number } {
  const old = bytes.readUInt32LE(0x28)
  if (old !== 0) return { major: (old >>> 8) & 0xff, minor: old & 0xff }
  const value = bytes.readUInt32LE(0x2c)
  return { major: (value >>> 8) & 0xfff, minor: (value & 0xff) | ((value >>> 12) & 0xfff00) }
}

export function requireReadable(inode: Inode, kind: string): void {
  if (inode.isEncrypted)
    throw unsupported(`${kind}: inode ${inode.number} is encrypted by its guest`)
}
