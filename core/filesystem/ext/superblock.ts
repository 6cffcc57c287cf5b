import { damaged, unsupported } from '../damaged.ts'
import { crc32c } from '../crc32c.ts'

export const SUPERBLOCK_OFFSET = 1024
export const SUPERBLOCK_BYTES = 1024
export const EXT_MAGIC = 0xef53

const HAS_JOURNAL = 0x4
const SPARSE_SUPER2 = 0x200
const FILE_TYPE = 0x2
const RECOVER = 0x4
const META_BG = 0x10
const EXTENTS = 0x40
const BITS_64 = 0x80
const FLEX_BG = 0x200
const CHECKSUM_SEED = 0x2000
const LARGE_FOLDERS = 0x4000
const SPARSE_SUPER = 0x1
const HUGE_FILE = 0x8
const METADATA_CHECKSUMS = 0x400

/** Those not listed are read: filetype, recover, extents, mmp, flex_bg, ea_inode, inline data, … */
const UNREADABLE: readonly (readonly [number, string])[] = [
  [0x1, 'compression'],
  [0x8, 'an external journal device'],
  [0x1000, 'data in directory entries'],
]
const KNOWN = 0x3f7df

export interface Superblock {
  readonly kind: 'ext2' | 'ext3' | 'ext4'
  readonly label: string
  readonly blockBytes: number
  readonly blocks: number
  readonly firstDataBlock: number
  readonly blocksPerGroup: number
  readonly groups: number
  readonly inodes: number
  readonly inodesPerGroup: number
  readonly inodeBytes: number
  readonly firstInode: number
  readonly descriptorBytes: number
  readonly hasFileTypes: boolean
  readonly hasLargeFolders: boolean
  /** Changes are still in the journal only. */
  readonly needsRecovery: boolean
  readonly journalInode: number
  readonly hasExternalJournal: boolean
  /** First metadata block group; undefined where descriptors lie all in one place. */
  readonly firstMetaGroup: number | undefined
  readonly hasSuper: (group: number) => boolean
  /** Of checksums of metadata; undefined where there are none. */
  readonly checksumSeed: number | undefined
}

export function parseSuperblock(bytes: Buffer): Superblock {
  const u32 = (at: number) => bytes.readUInt32LE(at)
  if (bytes.readUInt16LE(0x38) !== EXT_MAGIC) throw damaged('ext: there is no superblock')
  const incompatible = u32(0x60)
  const isDynamic = u32(0x4c) > 0
  refuseFeatures(incompatible)
  const is64 = (incompatible & BITS_64) !== 0
  const readOnly = u32(0x64)
  requireChecksum(bytes, readOnly)
  const blockBytes = 1024 * 2 ** u32(0x18)
  const blocks = u32(0x4) + (is64 ? u32(0x150) * 2 ** 32 : 0)
  const parsed = {
    kind: kindOf(u32(0x5c), incompatible, readOnly),
    label: text(bytes.subarray(0x78, 0x88)),
    ...{ blockBytes, blocks },
    firstDataBlock: u32(0x14),
    blocksPerGroup: u32(0x20),
    groups: Math.ceil((blocks - u32(0x14)) / u32(0x20)),
    inodes: u32(0x0),
    inodesPerGroup: u32(0x28),
    inodeBytes: isDynamic ? bytes.readUInt16LE(0x58) : 128,
    firstInode: isDynamic ? u32(0x54) : 11,
    descriptorBytes: is64 ? bytes.readUInt16LE(0xfe) : 32,
    hasFileTypes: (incompatible & FILE_TYPE) !== 0,
    hasLargeFolders: (incompatible & LARGE_FOLDERS) !== 0,
    needsRecovery: (incompatible & RECOVER) !== 0 && (u32(0x5c) & HAS_JOURNAL) !== 0,
    journalInode: u32(0xe0),
    hasExternalJournal: u32(0xe4) !== 0,
    firstMetaGroup: incompatible & META_BG ? u32(0x104) : undefined,
    hasSuper: superRule(bytes, readOnly),
    checksumSeed: checksumSeed(bytes, incompatible, readOnly),
  }
  requireSound(parsed)
  return parsed
}

function kindOf(compatible: number, incompatible: number, readOnly: number): Superblock['kind'] {
  if (incompatible & (EXTENTS | BITS_64 | FLEX_BG) || readOnly & (HUGE_FILE | METADATA_CHECKSUMS))
    return 'ext4'
  return compatible & HAS_JOURNAL ? 'ext3' : 'ext2'
}

function refuseFeatures(incompatible: number): void {
  for (const [bit, name] of UNREADABLE)
    if (incompatible & bit) throw unsupported(`ext: this file system uses ${name}`)
  const unknown = (incompatible & ~KNOWN) >>> 0
  if (unknown !== 0)
    throw unsupported(`ext: this file system uses unknown features (0x${unknown.toString(16)})`)
}

function requireChecksum(bytes: Buffer, readOnly: number): void {
  if (!(readOnly & METADATA_CHECKSUMS)) return
  if (bytes.readUInt32LE(0x3fc) !== crc32c(0xffffffff, bytes.subarray(0, 0x3fc)))
    throw damaged('ext4: the superblock does not match its checksum')
}

/** Sizes from which all places are computed: nothing divides by zero or leaves the block later. */
function requireSound(s: Superblock): void {
  const isPower = (value: number) => Number.isInteger(Math.log2(value))
  const isSound =
    s.blockBytes <= 65536 &&
    s.inodeBytes >= 128 &&
    s.inodeBytes <= s.blockBytes &&
    isPower(s.inodeBytes) &&
    s.descriptorBytes >= 32 &&
    s.descriptorBytes <= Math.min(1024, s.blockBytes) &&
    isPower(s.descriptorBytes) &&
    s.blocksPerGroup > 0 &&
    s.inodesPerGroup > 0 &&
    s.inodesPerGroup <= s.blockBytes * 8 &&
    s.firstDataBlock <= 1 &&
    s.blocks > s.firstDataBlock &&
    Number.isSafeInteger(s.blocks * s.blockBytes) &&
    s.groups * s.inodesPerGroup >= s.inodes
  if (!isSound) throw damaged(`${s.kind}: the superblock has impossible values`)
}

/** Which groups begin with a copy of the superblock: descriptors of meta groups come after it. */
function superRule(bytes: Buffer, readOnly: number): (group: number) => boolean {
  const isTwo = (bytes.readUInt32LE(0x5c) & SPARSE_SUPER2) !== 0
  const backups = [bytes.readUInt32LE(0x24c), bytes.readUInt32LE(0x250)]
  return (group) => {
    if (group === 0) return true
    if (isTwo) return backups.includes(group)
    if (group === 1 || !(readOnly & SPARSE_SUPER)) return true
    return [3, 5, 7].some((base) => isPowerOf(base, group))
  }
}

function isPowerOf(base: number, value: number): boolean {
  let power = base
  while (power < value) power *= base
  return power === value
}

function checksumSeed(bytes: Buffer, incompatible: number, readOnly: number): number | undefined {
  if (!(readOnly & METADATA_CHECKSUMS)) return undefined
  if (incompatible & CHECKSUM_SEED) return bytes.readUInt32LE(0x270)
  return crc32c(0xffffffff, bytes.subarray(0x68, 0x78))
}

function text(bytes: Buffer): string {
  const end = bytes.indexOf(0)
  return bytes.subarray(0, end < 0 ? bytes.length : end).toString('utf8')
}
