import { crc32c } from '../crc32c.ts'
import { damaged, unsupported } from '../damaged.ts'

/** What an XFS file system says of itself. Sizes in bytes where the name says so, else in blocks. */
export interface XfsGeometry {
  readonly version: 4 | 5
  readonly blockBytes: number
  readonly blocks: number
  readonly groupBlocks: number
  readonly groups: number
  /** Bits of a block's number within its allocation group. */
  readonly groupBlockBits: number
  readonly inodeBytes: number
  /** Bits of an inode's number within its block. */
  readonly inodeBits: number
  readonly rootInode: bigint
  readonly folderBlockBytes: number
  /** Entries of folders have the type of what they name. */
  readonly hasTypes: boolean
  readonly label: string
  /** Block where the log begins; 0 where it is on another device. */
  readonly logStart: bigint
  readonly logBlocks: number
  /** What structures of version 5 are marked with as belonging to this file system. */
  readonly uuid: Buffer
}

export const SUPERBLOCK_BYTES = 512
const NEEDS_REPAIR = 0x10
const OTHER_UUID = 0x4
const KNOWN_INCOMPATIBLE = 0x1ff
const TYPES_V5 = 1
const TYPES_V4 = 0x200
const FOLDERS_V2 = 0x2000

export function recognisesXfs(start: Buffer): boolean {
  return start.length >= 256 && start.toString('latin1', 0, 4) === 'XFSB'
}

export function parseSuperblock(start: Buffer): XfsGeometry {
  if (!recognisesXfs(start)) throw damaged('xfs: the first sector is no superblock')
  const versionFlags = start.readUInt16BE(100)
  const version = versionFlags & 0x0f
  if (version !== 4 && version !== 5) throw unsupported(`xfs: version ${version} is not known`)
  if (version === 4 && (versionFlags & FOLDERS_V2) === 0)
    throw unsupported('xfs: folders of version 1 are not known')
  const incompatible = version === 5 ? start.readUInt32BE(216) : 0
  if (incompatible & ~KNOWN_INCOMPATIBLE)
    throw unsupported(`xfs: features 0x${incompatible.toString(16)} are not all known`)
  if (incompatible & NEEDS_REPAIR) throw damaged('xfs: is marked as in need of xfs_repair')
  const blockBits = start.readUInt8(120)
  const geometry: XfsGeometry = {
    version,
    blockBytes: start.readUInt32BE(4),
    blocks: Number(start.readBigUInt64BE(8)),
    groupBlocks: start.readUInt32BE(84),
    groups: start.readUInt32BE(88),
    groupBlockBits: start.readUInt8(124),
    inodeBytes: start.readUInt16BE(104),
    inodeBits: start.readUInt8(123),
    rootInode: start.readBigUInt64BE(56),
    folderBlockBytes: 2 ** (blockBits + start.readUInt8(192)),
    hasTypes:
      version === 5 ? (incompatible & TYPES_V5) !== 0 : (start.readUInt32BE(200) & TYPES_V4) !== 0,
    label: start.toString('utf8', 108, 120).replace(/\0.*$/s, ''),
    logStart: start.readBigUInt64BE(48),
    logBlocks: start.readUInt32BE(96),
    // People may change the one that they see: then the first one is kept in another place.
    uuid: Buffer.from(
      incompatible & OTHER_UUID ? start.subarray(248, 264) : start.subarray(32, 48),
    ),
  }
  requireSound(geometry, blockBits)
  return geometry
}

function requireSound(geometry: XfsGeometry, blockBits: number): void {
  const { blockBytes, inodeBytes, inodeBits, groupBlocks, groupBlockBits } = geometry
  const isSound =
    blockBytes === 2 ** blockBits &&
    blockBits >= 9 &&
    blockBits <= 16 &&
    inodeBytes >= 256 &&
    inodeBytes <= 2048 &&
    inodeBytes * 2 ** inodeBits === blockBytes &&
    groupBlocks > 0 &&
    groupBlockBits < 32 &&
    groupBlocks <= 2 ** groupBlockBits &&
    geometry.groups > 0 &&
    geometry.blocks <= geometry.groups * groupBlocks &&
    geometry.folderBlockBytes <= 65536
  if (!isSound) throw damaged('xfs: the sizes in the superblock make no sense')
}

const ALL_ONES = 0xffffffff

/** Version 5 has a CRC-32C in most structures, which counts as zero when it is made. */
export function hasSoundChecksum(block: Buffer, at: number): boolean {
  const copy = Buffer.from(block)
  copy.writeUInt32LE(0, at)
  return (crc32c(ALL_ONES, copy) ^ ALL_ONES) >>> 0 === block.readUInt32LE(at)
}
