import { crc32c, uint32le } from '../../../core/filesystem/crc32c.ts'
import type { Structure } from './structure.ts'

const SUPERBLOCK = 1024
const CHECKSUMS = 0x400
const JOURNAL = Buffer.from('c03b3998', 'hex')

interface Shape {
  readonly image: Buffer
  readonly blockBytes: number
  readonly inodeBytes: number
  readonly perGroup: number
  readonly tables: readonly number[]
  /** Of checksums; undefined where there are none. */
  readonly seed: number | undefined
  readonly groups: number
  readonly descriptorBytes: number
}

export function extStructures(image: Buffer): Structure[] {
  const shape = shapeOf(image)
  const { blockBytes, descriptorBytes, groups } = shape
  const descriptors = blockBytes === 1024 ? 2048 : blockBytes
  return [
    superblock(shape),
    { sort: 'descriptor', offset: descriptors, length: groups * descriptorBytes },
    ...inodes(shape),
    ...blocks(shape),
  ]
}

function shapeOf(image: Buffer): Shape {
  const u32 = (at: number) => image.readUInt32LE(SUPERBLOCK + at)
  const blockBytes = 1024 * 2 ** u32(0x18)
  const is64 = (u32(0x60) & 0x80) !== 0
  const descriptorBytes = is64 ? image.readUInt16LE(SUPERBLOCK + 0xfe) : 32
  const groups = Math.ceil((u32(4) - u32(0x14)) / u32(0x20))
  const first = blockBytes === 1024 ? 2048 : blockBytes
  const tables = Array.from({ length: groups }, (_, group) =>
    image.readUInt32LE(first + group * descriptorBytes + 8),
  )
  const hasChecksums = (u32(0x64) & CHECKSUMS) !== 0
  const uuid = image.subarray(SUPERBLOCK + 0x68, SUPERBLOCK + 0x78)
  return {
    ...{ image, blockBytes, tables, groups, descriptorBytes },
    inodeBytes: image.readUInt16LE(SUPERBLOCK + 0x58),
    perGroup: u32(0x28),
    seed: hasChecksums ? crc32c(0xffffffff, uuid) : undefined,
  }
}

function superblock({ seed }: Shape): Structure {
  const repair = (bytes: Buffer) =>
    void bytes.writeUInt32LE(crc32c(0xffffffff, bytes.subarray(0, 0x3fc)), 0x3fc)
  const place = { sort: 'superblock', offset: SUPERBLOCK, length: 1024 }
  return seed === undefined ? place : { ...place, repair }
}

function* inodes(shape: Shape): Generator<Structure> {
  const { image, blockBytes, inodeBytes, perGroup, tables } = shape
  for (const [group, table] of tables.entries())
    for (let index = 0; index < perGroup; index++) {
      const offset = table * blockBytes + index * inodeBytes
      if (image.readUInt16LE(offset) === 0) continue
      const number = group * perGroup + index + 1
      const repair = (bytes: Buffer) => repairInode(shape, bytes, number)
      yield { sort: 'inode', offset, length: inodeBytes, repair }
    }
}

function repairInode({ seed }: Shape, inode: Buffer, number: number): void {
  if (seed === undefined) return
  inode.writeUInt16LE(0, 0x7c)
  const hasHigh = inode.length > 128 && inode.readUInt16LE(0x80) >= 4
  if (hasHigh) inode.writeUInt16LE(0, 0x82)
  const owner = crc32c(seed, uint32le(number))
  const sum = crc32c(crc32c(owner, inode.subarray(0x64, 0x68)), inode)
  inode.writeUInt16LE(sum & 0xffff, 0x7c)
  if (hasHigh) inode.writeUInt16LE(sum >>> 16, 0x82)
}

/** Folders, nodes of trees, attributes and the journal, by what they begin with. */
function* blocks(shape: Shape): Generator<Structure> {
  const { image, blockBytes } = shape
  for (let offset = blockBytes * 2; offset + blockBytes <= image.length; offset += blockBytes) {
    const block = image.subarray(offset, offset + blockBytes)
    const place = { offset, length: blockBytes }
    if (block.readUInt16LE(0) === 0xf30a) yield { sort: 'tree', ...place, ...tail(shape, block) }
    else if (block.readUInt32LE(0) === 0xea020000) yield { sort: 'attributes', ...place }
    else if (isFolder(block)) yield { sort: 'folder', ...place, ...tail(shape, block) }
    else if (block.subarray(0, 4).equals(JOURNAL)) yield* journal(image, place)
  }
}

function isFolder(block: Buffer): boolean {
  const length = block.readUInt16LE(4)
  const hasName = block.readUInt8(6) > 0 && block.readUInt8(6) <= length - 8
  return block.readUInt32LE(0) > 0 && length >= 12 && length <= block.length && hasName
    ? block.readUInt8(7) <= 2 && block.readUInt8(8) > 0x1f
    : false
}

/** The checksum at a block's end also covers whose it is, which is found by trying. */
function tail(shape: Shape, block: Buffer): Pick<Structure, 'repair'> {
  const { seed, image, tables, perGroup, inodeBytes, blockBytes } = shape
  if (seed === undefined) return {}
  const isTree = block.readUInt16LE(0) === 0xf30a
  const at = isTree ? 12 + block.readUInt16LE(4) * 12 : block.length - 12
  const sumAt = isTree ? at : at + 8
  if (sumAt + 4 > block.length) return {}
  for (const [group, table] of tables.entries())
    for (let index = 0; index < perGroup; index++) {
      const inode = table * blockBytes + index * inodeBytes
      if (image.readUInt16LE(inode) === 0) continue
      const number = crc32c(seed, uint32le(group * perGroup + index + 1))
      const owner = crc32c(number, image.subarray(inode + 0x64, inode + 0x68))
      if (crc32c(owner, block.subarray(0, at)) !== block.readUInt32LE(sumAt)) continue
      return {
        repair: (bytes) => void bytes.writeUInt32LE(crc32c(owner, bytes.subarray(0, at)), sumAt),
      }
    }
  return {}
}

function* journal(image: Buffer, place: { offset: number; length: number }): Generator<Structure> {
  const type = image.readUInt32BE(place.offset + 4)
  const uuid = image.subarray(SUPERBLOCK + 0x68, SUPERBLOCK + 0x78)
  const seed = crc32c(0xffffffff, uuid)
  const repair = (bytes: Buffer) => {
    const [at, from, length] =
      type === 4 ? [0xfc, 0xffffffff, 1024] : [placeOf(type, bytes), seed, bytes.length]
    bytes.writeUInt32BE(0, at)
    bytes.writeUInt32BE(crc32c(from, bytes.subarray(0, length)), at)
  }
  yield { sort: type === 4 ? 'journal' : 'transaction', ...place, repair }
}

function placeOf(type: number, bytes: Buffer): number {
  return type === 2 ? 16 : bytes.length - 4
}
