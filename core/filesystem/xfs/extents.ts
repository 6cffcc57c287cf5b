import { damaged } from '../damaged.ts'
import type { Mapping } from '../mapped-file.ts'
import type { Fork } from './inode.ts'
import { hasSoundChecksum } from './superblock.ts'
import type { XfsVolume } from './volume.ts'

/** Blocks of a file that lie together. */
export interface BlockExtent {
  /** Block of the file. */
  readonly at: number
  readonly block: bigint
  readonly count: number
  /** Allocated but never written: reads as zeros. */
  readonly isUnwritten: boolean
}

/** The extents around a place: in order, and all there are from `from` to `to`. */
interface Leaf {
  readonly from: number
  readonly to: number
  readonly extents: readonly BlockExtent[]
}

const EXTENT_BYTES = 16
const MAX_DEPTH = 10

function parseExtents(bytes: Buffer, at: number, count: number): BlockExtent[] {
  if (at + count * EXTENT_BYTES > bytes.length) throw damaged('xfs: a list of extents is too long')
  const extents: BlockExtent[] = []
  let end = 0
  for (let index = 0; index < count; index++) {
    const high = bytes.readBigUInt64BE(at + index * EXTENT_BYTES)
    const low = bytes.readBigUInt64BE(at + index * EXTENT_BYTES + 8)
    const extent = {
      at: Number((high & 0x7fffffffffffffffn) >> 9n),
      block: ((high & 0x1ffn) << 43n) | (low >> 21n),
      count: Number(low & 0x1fffffn),
      isUnwritten: high >> 63n === 1n,
    }
    if (extent.at < end || extent.count === 0) throw damaged('xfs: extents are out of order')
    end = extent.at + extent.count
    extents.push(extent)
  }
  return extents
}

/** Finds the blocks of a fork. Of a tree only the leaf used last is kept. */
export class ForkMap {
  readonly #volume: XfsVolume
  readonly #fork: Fork
  #leaf: Leaf

  constructor(volume: XfsVolume, fork: Fork) {
    if (fork.format !== 'extents' && fork.format !== 'tree')
      throw damaged('xfs: a content is not in blocks')
    this.#volume = volume
    this.#fork = fork
    const isList = fork.format === 'extents'
    const extents = isList ? parseExtents(fork.bytes, 0, fork.extents) : []
    this.#leaf = { from: 0, to: isList ? Infinity : 0, extents }
  }

  /** The extent that holds a block of the file, or else the block where the next one may begin. */
  async at(block: number): Promise<BlockExtent | { readonly next: number }> {
    if (block < this.#leaf.from || block >= this.#leaf.to) this.#leaf = await this.#find(block)
    for (const extent of this.#leaf.extents) {
      if (block < extent.at) return { next: extent.at }
      if (block < extent.at + extent.count) return extent
    }
    return { next: this.#leaf.to }
  }

  async #find(wanted: number): Promise<Leaf> {
    const { bytes } = this.#fork
    let level = bytes.readUInt16BE(0)
    if (level < 1 || level > MAX_DEPTH) throw damaged(`xfs: a tree of extents of ${level} levels`)
    const room = Math.floor((bytes.length - 4) / 16)
    let step = choose(bytes, 4, { count: bytes.readUInt16BE(2), room }, wanted)
    let { from, to } = step
    for (;;) {
      const node = await this.#node(step.block, --level)
      const head = this.#headBytes()
      const count = node.readUInt16BE(6)
      if (level === 0) return { from, to, extents: parseExtents(node, head, count) }
      step = choose(node, head, { count, room: Math.floor((node.length - head) / 16) }, wanted)
      from = Math.max(from, step.from)
      to = Math.min(to, step.to)
    }
  }

  #headBytes(): number {
    return this.#volume.geometry.version === 5 ? 72 : 24
  }

  async #node(block: bigint, level: number): Promise<Buffer> {
    const node = await this.#volume.readBlock(block)
    const isNew = this.#volume.geometry.version === 5
    const isSound =
      node.toString('latin1', 0, 4) === (isNew ? 'BMA3' : 'BMAP') &&
      node.readUInt16BE(4) === level &&
      (!isNew || hasSoundChecksum(node, 64))
    if (!isSound) throw damaged(`xfs: block ${block} is no level ${level} of a tree of extents`)
    return node
  }
}

/** The child that has a block, and what it covers. Keys first, then as many places for pointers. */
function choose(
  node: Buffer,
  head: number,
  { count, room }: { count: number; room: number },
  wanted: number,
): { block: bigint; from: number; to: number } {
  if (count < 1 || count > room) throw damaged(`xfs: a tree node has ${count} of ${room} children`)
  const key = (index: number) => Number(node.readBigUInt64BE(head + index * 8))
  let chosen = 0
  while (chosen + 1 < count && key(chosen + 1) <= wanted) chosen++
  const from = chosen === 0 ? 0 : key(chosen)
  const to = chosen + 1 < count ? key(chosen + 1) : Infinity
  return { block: node.readBigUInt64BE(head + room * 8 + chosen * 8), from, to }
}

/** A fork as a file of `sizeBytes`. */
export function forkMapping(volume: XfsVolume, fork: Fork, sizeBytes: number): Mapping {
  const { blockBytes } = volume.geometry
  const map = new ForkMap(volume, fork)
  return {
    sizeBytes,
    async locate(offset) {
      const found = await map.at(Math.floor(offset / blockBytes))
      if ('next' in found)
        return { place: null, length: Math.min(found.next * blockBytes, sizeBytes) - offset }
      const within = offset - found.at * blockBytes
      const length = found.count * blockBytes - within
      if (found.isUnwritten) return { place: null, length }
      return { place: volume.placeOf(found.block, found.count) + within, length }
    },
  }
}
