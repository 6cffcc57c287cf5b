import { damaged } from '../../damaged.ts'
import type { XfsGeometry } from '../superblock.ts'
import { writeChecksum } from './stamps.ts'
import type { LogItem } from './transactions.ts'

/** Inodes that came into being together: they are not in the log one by one. */
export interface NewInodes {
  readonly group: number
  /** Block of the group at whose beginning the first one lies. */
  readonly block: number
  readonly blocks: number
  readonly generation: number
}

const MAX_INODES = 256
const NONE = 0xffffffff

export function parseNewInodes({ regions }: LogItem, geometry: XfsGeometry): NewInodes {
  const [item] = regions
  if (!item || item.length < 28) throw broken()
  const u32 = (at: number) => item.readUInt32BE(at)
  const [group, block, count, blocks] = [u32(4), u32(8), u32(12), u32(20)]
  const { blockBytes, inodeBytes, groups, groupBlocks } = geometry
  const isSound =
    group < groups &&
    block + blocks <= groupBlocks &&
    u32(16) === inodeBytes &&
    count <= MAX_INODES &&
    count * inodeBytes === blocks * blockBytes
  if (!isSound) throw broken()
  return { group, block, blocks, generation: u32(24) }
}

/** The content of one of their blocks: inodes of version 3 that are not in use. */
export function newInodeBlock(
  geometry: XfsGeometry,
  { group, block, generation }: NewInodes,
  index: number,
): Buffer {
  const { blockBytes, inodeBytes, inodeBits, groupBlockBits, uuid } = geometry
  const content = Buffer.alloc(blockBytes)
  const inGroup = (BigInt(group) << BigInt(groupBlockBits)) | BigInt(block + index)
  for (let at = 0, n = 0n; at < blockBytes; at += inodeBytes, n++) {
    const inode = content.subarray(at, at + inodeBytes)
    inode.write('IN', 'latin1')
    inode.writeUInt8(3, 4)
    inode.writeUInt32BE(generation, 92)
    inode.writeUInt32BE(NONE, 96)
    inode.writeBigUInt64BE((inGroup << BigInt(inodeBits)) | n, 152)
    uuid.copy(inode, 160)
    writeChecksum(inode, 100)
  }
  return content
}

function broken() {
  return damaged('xfs: the log has broken new inodes')
}
