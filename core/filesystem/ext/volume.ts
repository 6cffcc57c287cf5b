import type { ByteReader } from '../byte-reader.ts'
import { damaged } from '../damaged.ts'
import type { Superblock } from './superblock.ts'

const MOST_TABLES = 10_000

/** An ext file system's blocks and where its inodes lie. */
export class Volume {
  readonly superblock: Superblock
  readonly disk: ByteReader
  /** By group, those asked for last: each inode that is read asks for its group's. */
  readonly #tables = new Map<number, number>()

  constructor(disk: ByteReader, superblock: Superblock) {
    this.disk = disk
    this.superblock = superblock
  }

  async readBlock(block: number, what: string): Promise<Buffer> {
    this.requireBlocks(block, 1, what)
    const { blockBytes } = this.superblock
    return this.disk.read(block * blockBytes, blockBytes)
  }

  /** Block 0 holds the boot sector or the superblock: nothing points to it. */
  requireBlocks(block: number, count: number, what: string): void {
    const { blocks, kind } = this.superblock
    if (block > 0 && block + count <= blocks) return
    throw damaged(`${kind}: ${what} leads to block ${block}, which does not exist`)
  }

  async inodeOffset(inode: number): Promise<number> {
    const { inodesPerGroup, inodeBytes, blockBytes, kind, inodes } = this.superblock
    if (!Number.isInteger(inode) || inode < 1 || inode > inodes)
      throw damaged(`${kind}: there is no inode ${inode}`)
    const group = Math.floor((inode - 1) / inodesPerGroup)
    const table = await this.#inodeTable(group)
    const offset = ((inode - 1) % inodesPerGroup) * inodeBytes
    this.requireBlocks(table + Math.floor(offset / blockBytes), 1, `the inodes of group ${group}`)
    return table * blockBytes + offset
  }

  async #inodeTable(group: number): Promise<number> {
    const known = this.#tables.get(group)
    if (known !== undefined) return known
    const { descriptorBytes, blockBytes } = this.superblock
    const perBlock = blockBytes / descriptorBytes
    const block = this.#descriptorBlock(Math.floor(group / perBlock), perBlock)
    this.requireBlocks(block, 1, `the descriptor of group ${group}`)
    const at = block * blockBytes + (group % perBlock) * descriptorBytes
    const bytes = await this.disk.read(at, descriptorBytes)
    const high = descriptorBytes >= 64 ? bytes.readUInt32LE(0x28) : 0
    const table = bytes.readUInt32LE(8) + high * 2 ** 32
    if (this.#tables.size >= MOST_TABLES) this.#tables.clear()
    this.#tables.set(group, table)
    return table
  }

  #descriptorBlock(index: number, perBlock: number): number {
    const { firstDataBlock, firstMetaGroup, blocksPerGroup, hasSuper } = this.superblock
    // With blocks of 1 KiB the superblock lies in block 1, even where blocks are counted from 0 on.
    const superBlock = this.superblock.blockBytes === 1024 ? 1 : 0
    if (firstMetaGroup === undefined || index < firstMetaGroup) return superBlock + 1 + index
    const group = index * perBlock
    const isShifted = group === 0 && superBlock > firstDataBlock
    const before = (hasSuper(group) ? 1 : 0) + (isShifted ? 1 : 0)
    return firstDataBlock + group * blocksPerGroup + before
  }
}
