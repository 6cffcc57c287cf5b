import { damaged } from '../damaged.ts'
import { readWide } from '../wide-number.ts'
import { FIRST_FREE_ID, ITEM, MAX_OFFSET, TREE, type Key } from './key.ts'
import type { TreeRoot } from './superblock.ts'
import { findItem, type ItemSource } from './tree.ts'
import type { BtrfsVolume } from './volume.ts'

/** A tree of files: the first one, a subvolume or a snapshot. */
export interface Subvolume {
  readonly id: bigint
  readonly items: ItemSource
}

const ROOT_BYTES = 239
const MAX_KEPT = 1024

/** All trees, by their number. */
export class Trees {
  readonly #volume: BtrfsVolume
  readonly #roots: ItemSource
  readonly #kept = new Map<bigint, ItemSource>()
  readonly #replaced = new Map<bigint, ItemSource>()

  constructor(volume: BtrfsVolume) {
    this.#volume = volume
    this.#roots = volume.tree(volume.superblock.roots)
  }

  /** Undefined where there is none, or only what is left of a deleted one. */
  async find(id: bigint): Promise<ItemSource | undefined> {
    const kept = this.#replaced.get(id) ?? this.#kept.get(id)
    if (kept) return kept
    const found = await this.#roots.upTo({ id, type: ITEM.root, offset: MAX_OFFSET })
    if (found?.key.id !== id || found.key.type !== ITEM.root) return undefined
    const { root, references } = parseRoot(id, found.data)
    if (references === 0) return undefined
    const tree = this.#volume.tree(root)
    if (this.#kept.size >= MAX_KEPT) this.#kept.clear()
    this.#kept.set(id, tree)
    return tree
  }

  /** From now on the tree is this one. */
  replace(id: bigint, items: ItemSource): void {
    this.#replaced.set(id, items)
  }

  /** Whether an entry of a folder still leads to the subvolume, and no copy of that entry does. */
  async isAt(child: bigint, parent: bigint, folder: bigint, name: Buffer): Promise<boolean> {
    const key: Key = { id: parent, type: ITEM.rootReference, offset: child }
    const bytes = await findItem(this.#roots, key)
    if (!bytes) return false
    const length = bytes.length < 18 ? -1 : bytes.readUInt16LE(16)
    if (length < 0 || 18 + length > bytes.length)
      throw damaged(`btrfs: the reference to subvolume ${child} is cut off`)
    return bytes.readBigUInt64LE(0) === folder && bytes.subarray(18, 18 + length).equals(name)
  }
}

export function isSubvolume(id: bigint): boolean {
  return id === TREE.files || (id >= FIRST_FREE_ID && id < 2n ** 63n)
}

export function parseRoot(id: bigint, bytes: Buffer): { root: TreeRoot; references: number } {
  if (bytes.length < ROOT_BYTES) throw damaged(`btrfs: the root of tree ${id} is cut off`)
  const root = {
    at: readWide(bytes, 176, `btrfs: the root of tree ${id}`),
    level: bytes.readUInt8(238),
    generation: bytes.readBigUInt64LE(160),
  }
  return { root, references: bytes.readUInt32LE(216) }
}
