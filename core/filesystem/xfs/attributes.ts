import { damaged } from '../damaged.ts'
import type { GuestAttribute } from '../file-system.ts'
import { toAttribute } from './attribute-names.ts'
import { ForkMap } from './extents.ts'
import type { Fork, Inode } from './inode.ts'
import { hasSoundChecksum } from './superblock.ts'
import type { XfsVolume } from './volume.ts'

const LOCAL = 0x01
const LEAF = { 4: 0xfbee, 5: 0x3bee } as const
const NODE = { 4: 0xfebe, 5: 0x3ebe } as const
const MAX_VALUE_BYTES = 65536
const MAX_LEAVES = 65536
const MAX_DEPTH = 8

export async function readAttributes(volume: XfsVolume, inode: Inode): Promise<GuestAttribute[]> {
  const fork = inode.attributes
  if (!fork || (fork.format === 'extents' && fork.extents === 0)) return []
  if (fork.format === 'local') return [...shortAttributes(fork.bytes, inode.number)]
  return new AttributeReader(volume, fork, inode.number).all()
}

function* shortAttributes(bytes: Buffer, inode: bigint): Generator<GuestAttribute> {
  const total = bytes.length < 4 ? 0 : Math.min(bytes.readUInt16BE(0), bytes.length)
  let at = 4
  for (let left = total < 4 ? 0 : bytes.readUInt8(2); left > 0; left--) {
    const nameEnd = at + 3 <= total ? at + 3 + bytes.readUInt8(at) : Infinity
    const end = nameEnd < Infinity ? nameEnd + bytes.readUInt8(at + 1) : Infinity
    if (end > total) throw damaged(`xfs: the attributes of inode ${inode} are cut off`)
    const flags = bytes.readUInt8(at + 2)
    const found = toAttribute(flags, bytes.subarray(at + 3, nameEnd), bytes.subarray(nameEnd, end))
    if (found) yield found
    at = end
  }
}

/** Attributes that did not fit into the inode: leaves in a row, long values in blocks of their own. */
class AttributeReader {
  readonly #volume: XfsVolume
  readonly #map: ForkMap
  readonly #where: string
  readonly #version: 4 | 5

  constructor(volume: XfsVolume, fork: Fork, inode: bigint) {
    this.#volume = volume
    this.#map = new ForkMap(volume, fork)
    this.#where = `xfs: the attributes of inode ${inode}`
    this.#version = volume.geometry.version
  }

  async all(): Promise<GuestAttribute[]> {
    const found: GuestAttribute[] = []
    const visited = new Set<number>()
    for (let at = await this.#firstLeaf(); ;) {
      if (visited.has(at) || visited.size > MAX_LEAVES)
        throw damaged(`${this.#where} run in a circle`)
      visited.add(at)
      const leaf = await this.#block(at)
      if (leaf.readUInt16BE(8) !== LEAF[this.#version])
        throw damaged(`${this.#where}: block ${at} is no leaf`)
      await this.#readLeaf(leaf, found)
      at = leaf.readUInt32BE(0)
      if (at === 0) return found
    }
  }

  /** The tree's leftmost leaf; the leaves know the next ones. */
  async #firstLeaf(): Promise<number> {
    let at = 0
    for (let depth = 0; depth < MAX_DEPTH; depth++) {
      const block = await this.#block(at)
      if (block.readUInt16BE(8) !== NODE[this.#version]) return at
      at = block.readUInt32BE((this.#version === 5 ? 64 : 16) + 4)
    }
    throw damaged(`${this.#where} are too deep`)
  }

  async #readLeaf(leaf: Buffer, found: GuestAttribute[]): Promise<void> {
    const isNew = this.#version === 5
    const count = leaf.readUInt16BE(isNew ? 56 : 12)
    const entries = isNew ? 80 : 32
    if (entries + count * 8 > leaf.length) throw damaged(`${this.#where} have a broken leaf`)
    for (let index = 0; index < count; index++) {
      const entry = entries + index * 8
      const at = leaf.readUInt16BE(entry + 4)
      const flags = leaf.readUInt8(entry + 6)
      if (at + 12 > leaf.length) throw damaged(`${this.#where} have a broken leaf`)
      const attribute =
        (flags & LOCAL) !== 0 ? this.#local(leaf, at, flags) : await this.#remote(leaf, at, flags)
      if (attribute) found.push(attribute)
    }
  }

  #local(leaf: Buffer, at: number, flags: number): GuestAttribute | undefined {
    const nameEnd = at + 3 + leaf.readUInt8(at + 2)
    const end = nameEnd + leaf.readUInt16BE(at)
    if (end > leaf.length) throw damaged(`${this.#where} have a broken entry`)
    return toAttribute(flags, leaf.subarray(at + 3, nameEnd), leaf.subarray(nameEnd, end))
  }

  async #remote(leaf: Buffer, at: number, flags: number): Promise<GuestAttribute | undefined> {
    const length = leaf.readUInt32BE(at + 4)
    const nameEnd = at + 9 + leaf.readUInt8(at + 8)
    if (length > MAX_VALUE_BYTES || nameEnd > leaf.length)
      throw damaged(`${this.#where} have a value of ${length} bytes`)
    const parts: Buffer[] = []
    const head = this.#version === 5 ? 56 : 0
    for (let left = length, block = leaf.readUInt32BE(at); left > 0; block++) {
      const part = (await this.#block(block)).subarray(head)
      parts.push(part.subarray(0, left))
      left -= part.length
    }
    return toAttribute(flags, leaf.subarray(at + 9, nameEnd), Buffer.concat(parts))
  }

  async #block(at: number): Promise<Buffer> {
    const found = await this.#map.at(at)
    if ('next' in found) throw damaged(`${this.#where} have no block ${at}`)
    const block = await this.#volume.readBlock(found.block + BigInt(at - found.at))
    if (this.#version === 5 && !hasSoundChecksum(block, 12))
      throw damaged(`${this.#where} have a damaged block (checksum)`)
    return block
  }
}
