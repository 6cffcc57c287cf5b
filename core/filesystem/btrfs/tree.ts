import { damaged } from '../damaged.ts'
import { compareKeys, type Key } from './key.ts'
import type { TreeNode, Wanted } from './node.ts'
import type { TreeRoot } from './superblock.ts'

export interface Item {
  readonly key: Key
  readonly data: Buffer
}

/** Items in the order of their keys. */
export interface ItemSource {
  /** From the one key to the other, both included. */
  items(from: Key, to: Key): AsyncIterable<Item>
  /** The last one that is not behind the key. */
  upTo(key: Key): Promise<Item | undefined>
}

const MAX_LEVEL = 7

/** A B-tree on the disk. */
export class Tree implements ItemSource {
  readonly #root: TreeRoot
  readonly #read: (wanted: Wanted) => Promise<TreeNode>

  constructor(root: TreeRoot, read: (wanted: Wanted) => Promise<TreeNode>) {
    if (root.level > MAX_LEVEL) throw damaged(`btrfs: a tree of ${root.level} levels`)
    this.#root = root
    this.#read = read
  }

  async *items(from: Key, to: Key): AsyncGenerator<Item> {
    for await (const leaf of this.#leaves(this.#root, from, to)) {
      const end = leaf.countUpTo(to)
      let index = leaf.countUpTo(from)
      if (index > 0 && compareKeys(leaf.key(index - 1), from) === 0) index--
      for (; index < end; index++) yield { key: leaf.key(index), data: leaf.data(index) }
    }
  }

  async upTo(key: Key): Promise<Item | undefined> {
    for (let wanted: Wanted = this.#root; ;) {
      const node = await this.#read(wanted)
      const index = node.countUpTo(key) - 1
      if (index < 0) return undefined
      if (node.level === 0) return { key: node.key(index), data: node.data(index) }
      wanted = node.child(index)
    }
  }

  async *#leaves(wanted: Wanted, from: Key, to: Key): AsyncGenerator<TreeNode> {
    const node = await this.#read(wanted)
    if (node.level === 0) {
      yield node
      return
    }
    const end = node.countUpTo(to)
    for (let index = Math.max(0, node.countUpTo(from) - 1); index < end; index++)
      yield* this.#leaves(node.child(index), from, to)
  }
}

/** The item with exactly this key. */
export async function findItem(source: ItemSource, key: Key): Promise<Buffer | undefined> {
  const found = await source.upTo(key)
  return found && compareKeys(found.key, key) === 0 ? found.data : undefined
}
