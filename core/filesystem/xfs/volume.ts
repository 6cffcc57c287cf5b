import type { ByteReader } from '../byte-reader.ts'
import { damaged } from '../damaged.ts'
import { readChecked } from '../mapped-file.ts'
import type { XfsGeometry } from './superblock.ts'

/** A disk in terms of XFS: blocks and inodes by number, which have the allocation group in them. */
export class XfsVolume {
  /** For structures: what is read again and again is kept. */
  readonly disk: ByteReader
  /** For content. */
  readonly source: ByteReader
  readonly geometry: XfsGeometry

  constructor(disk: ByteReader, source: ByteReader, geometry: XfsGeometry) {
    this.disk = disk
    this.source = source
    this.geometry = geometry
  }

  /** Where on the disk a block is, with `count` more of the same group behind it. */
  placeOf(block: bigint, count = 1): number {
    const { groupBlockBits, groupBlocks, groups, blockBytes, blocks } = this.geometry
    const group = Number(block >> BigInt(groupBlockBits))
    const within = Number(block & ((1n << BigInt(groupBlockBits)) - 1n))
    const linear = group * groupBlocks + within
    if (group >= groups || within + count > groupBlocks || linear + count > blocks)
      throw damaged(`xfs: there is no block ${block} with ${count} blocks`)
    return linear * blockBytes
  }

  readBlock(block: bigint): Promise<Buffer> {
    return readChecked(this.disk, this.placeOf(block), this.geometry.blockBytes)
  }

  async readInode(number: bigint): Promise<Buffer> {
    const { inodeBits, inodeBytes } = this.geometry
    const place = this.placeOf(number >> BigInt(inodeBits))
    const index = Number(number & ((1n << BigInt(inodeBits)) - 1n))
    return readChecked(this.disk, place + index * inodeBytes, inodeBytes)
  }
}
