import type { ByteReader } from '../byte-reader.ts'
import { damaged } from '../damaged.ts'
import { readChecked } from '../mapped-file.ts'
import { ChunkMap, parseChunk, type Chunk } from './chunk-map.ts'
import { FIRST_FREE_ID, ITEM } from './key.ts'
import { parseNode, type TreeNode, type Wanted } from './node.ts'
import type { Superblock, TreeRoot } from './superblock.ts'
import { Tree } from './tree.ts'

const KEPT_NODE_BYTES = 8 * 2 ** 20

/** A device in terms of btrfs: trees, and content by logical address. */
export class BtrfsVolume {
  readonly superblock: Superblock
  readonly warnings: string[]
  readonly #disk: ByteReader
  readonly #chunks: ChunkMap
  /** Blocks that were checked, those used last. */
  readonly #nodes = new Map<number, { wanted: Wanted; node: TreeNode }>()

  constructor(disk: ByteReader, superblock: Superblock, warnings: string[]) {
    this.#disk = disk
    this.superblock = superblock
    this.warnings = warnings
    // The tree of chunks lies in chunks that the superblock knows.
    const first = new ChunkMap(superblock, async () => undefined)
    const tree = new Tree(superblock.chunks, (wanted) => this.#node(wanted, first))
    this.#chunks = new ChunkMap(superblock, (at) => this.#findChunk(tree, at))
  }

  tree(root: TreeRoot): Tree {
    return new Tree(root, (wanted) => this.#node(wanted, this.#chunks))
  }

  /** Bytes of content. `requireSound` throws where they are not what was written. */
  async readContent(
    at: number,
    length: number,
    requireSound: (bytes: Buffer) => void,
  ): Promise<Buffer> {
    return this.#firstSound(this.#chunks, at, length, (bytes) => {
      requireSound(bytes)
      return bytes
    })
  }

  async #findChunk(tree: Tree, at: number): Promise<Chunk | undefined> {
    const key = { id: FIRST_FREE_ID, type: ITEM.chunk, offset: BigInt(at) }
    const found = await tree.upTo(key)
    if (found?.key.id !== key.id || found.key.type !== key.type) return undefined
    return parseChunk(this.superblock, found.key.offset, found.data)
  }

  async #node(wanted: Wanted, chunks: ChunkMap): Promise<TreeNode> {
    const { nodeBytes, sectorBytes } = this.superblock
    if (wanted.at % sectorBytes !== 0) throw damaged(`btrfs: no block begins at ${wanted.at}`)
    const kept = this.#nodes.get(wanted.at)
    const node =
      kept && isSame(kept.wanted, wanted)
        ? kept.node
        : await this.#firstSound(chunks, wanted.at, nodeBytes, (bytes) =>
            parseNode(this.superblock, bytes, wanted),
          )
    this.#nodes.delete(wanted.at)
    this.#nodes.set(wanted.at, { wanted, node })
    const [oldest] = this.#nodes.keys()
    if (this.#nodes.size * nodeBytes > KEPT_NODE_BYTES && oldest !== undefined)
      this.#nodes.delete(oldest)
    return node
  }

  /** Of several copies the first that is whole; what is wrong with the first where none is. */
  async #firstSound<T>(
    chunks: ChunkMap,
    at: number,
    length: number,
    check: (bytes: Buffer) => T,
  ): Promise<T> {
    let failure: unknown
    for (const place of await chunks.placesOf(at, length)) {
      try {
        const sound = check(await readChecked(this.#disk, place, length))
        if (failure) this.#warn('btrfs: some blocks are damaged; their second copies are used')
        return sound
      } catch (error) {
        failure ??= error
      }
    }
    throw failure
  }

  #warn(text: string): void {
    if (!this.warnings.includes(text)) this.warnings.push(text)
  }
}

/** Blocks are kept with what was checked of them: from another parent they have to fit again. */
function isSame(a: Wanted, b: Wanted): boolean {
  const isSameKey = (x: Wanted['first'], y: Wanted['first']) =>
    x === y || (x?.id === y?.id && x?.type === y?.type && x?.offset === y?.offset)
  return (
    a.level === b.level &&
    a.generation === b.generation &&
    isSameKey(a.first, b.first) &&
    isSameKey(a.before, b.before)
  )
}
