import { damaged } from '../damaged.ts'
import { readWide } from '../wide-number.ts'
import { compareKeys, KEY_BYTES, readKey, type Key } from './key.ts'
import type { Superblock, TreeRoot } from './superblock.ts'

const HEAD_BYTES = 101
const ITEM_BYTES = 25
const POINTER_BYTES = 33

/** What a block has to be, by the one that leads to it. */
export interface Wanted extends TreeRoot {
  /** Where a parent says so: the first key, and the one that is beyond the last. */
  readonly first?: Key
  readonly before?: Key
}

/** A block of a tree. Its checksum, its shape and its order have been checked. */
export class TreeNode {
  readonly level: number
  readonly count: number
  readonly #bytes: Buffer
  readonly #step: number
  readonly #before: Key | undefined

  constructor(bytes: Buffer, before: Key | undefined) {
    this.#bytes = bytes
    this.#before = before
    this.count = bytes.readUInt32LE(96)
    this.level = bytes.readUInt8(100)
    this.#step = this.level === 0 ? ITEM_BYTES : POINTER_BYTES
  }

  key(index: number): Key {
    return readKey(this.#bytes, HEAD_BYTES + index * this.#step)
  }

  /** Of a leaf. Valid as long as nobody writes to it. */
  data(index: number): Buffer {
    const at = HEAD_BYTES + index * ITEM_BYTES + KEY_BYTES
    const start = HEAD_BYTES + this.#bytes.readUInt32LE(at)
    return this.#bytes.subarray(start, start + this.#bytes.readUInt32LE(at + 4))
  }

  child(index: number): Wanted {
    const at = HEAD_BYTES + index * POINTER_BYTES
    const before = index + 1 < this.count ? this.key(index + 1) : this.#before
    return {
      at: readWide(this.#bytes, at + KEY_BYTES, 'btrfs: an address'),
      level: this.level - 1,
      generation: this.#bytes.readBigUInt64LE(at + KEY_BYTES + 8),
      first: this.key(index),
      ...(before ? { before } : {}),
    }
  }

  /** How many keys are not behind this one. */
  countUpTo(key: Key): number {
    let [low, high] = [0, this.count]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compareKeys(this.key(middle), key) <= 0) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Throws where the block is not what is wanted, or contradicts itself. */
export function parseNode(superblock: Superblock, bytes: Buffer, wanted: Wanted): TreeNode {
  const where = `btrfs: the block at ${wanted.at}`
  const { checksum, metadataId } = superblock
  if (!checksum.of(bytes.subarray(32)).equals(bytes.subarray(0, checksum.bytes)))
    throw damaged(`${where} is unlike its checksum`)
  const isMeant =
    bytes.subarray(32, 48).equals(metadataId) &&
    bytes.readBigUInt64LE(48) === BigInt(wanted.at) &&
    bytes.readBigUInt64LE(80) === wanted.generation &&
    bytes.readUInt8(100) === wanted.level
  if (!isMeant) throw damaged(`${where} is not the one that belongs there`)
  const node = new TreeNode(bytes, wanted.before)
  const step = node.level === 0 ? ITEM_BYTES : POINTER_BYTES
  if (HEAD_BYTES + node.count * step > bytes.length) throw damaged(`${where} has too many items`)
  // Only an empty tree has an empty block: its root. So each step of a walk finds something.
  if (node.count === 0 && (wanted.first || node.level > 0)) throw damaged(`${where} is empty`)
  requireOrder(node, wanted, where)
  if (node.level === 0) requireRoom(node, bytes, where)
  return node
}

/** Keys rise, within what the parent says: a walk never comes to the same place twice. */
function requireOrder(node: TreeNode, { first, before }: Wanted, where: string): void {
  let last: Key | undefined
  for (let index = 0; index < node.count; index++) {
    const key = node.key(index)
    const isFirst = last === undefined
    const isRight = last ? compareKeys(last, key) < 0 : !first || compareKeys(first, key) === 0
    if (!isRight) throw damaged(`${where} ${isFirst ? 'begins elsewhere' : 'is out of order'}`)
    last = key
  }
  if (last && before && compareKeys(last, before) >= 0) throw damaged(`${where} is out of order`)
}

function requireRoom(node: TreeNode, bytes: Buffer, where: string): void {
  const lowest = node.count * ITEM_BYTES
  for (let index = 0; index < node.count; index++) {
    const at = HEAD_BYTES + index * ITEM_BYTES + KEY_BYTES
    const [offset, length] = [bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4)]
    if (offset < lowest || HEAD_BYTES + offset + length > bytes.length)
      throw damaged(`${where} has an item that lies outside of it`)
  }
}
