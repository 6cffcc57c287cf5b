import type { ByteReader } from '../byte-reader.ts'
import { damaged } from '../damaged.ts'
import type { GuestFile } from '../file-system.ts'
import type { NtfsGeometry } from './boot-sector.ts'
import { parseIndexBlock, parseIndexRoot, type IndexEntry } from './index-node.ts'
import type { NtfsFile } from './ntfs-file.ts'
import { ATTRIBUTE } from './record.ts'

const NAME = Buffer.from('$I30')
const MAX_DEPTH = 24

/** A folder: a tree of names in the order of the volume's upper-case table. */
export class FolderIndex {
  readonly #root: readonly IndexEntry[]
  readonly #blocks: GuestFile | undefined
  readonly #blockBytes: number
  /** Blocks are counted in clusters, or in 512 bytes where clusters are larger than blocks. */
  readonly #unitBytes: number

  constructor(
    root: { entries: readonly IndexEntry[]; blockBytes: number },
    blocks: GuestFile | undefined,
    clusterBytes: number,
  ) {
    this.#root = root.entries
    this.#blocks = blocks
    this.#blockBytes = root.blockBytes
    this.#unitBytes = root.blockBytes >= clusterBytes ? clusterBytes : 512
  }

  /** In order. A node that is met again ends it: there is no way back in a tree. */
  entries(): AsyncGenerator<IndexEntry> {
    return this.#walk(this.#root, new Set(), 0)
  }

  async *#walk(
    node: readonly IndexEntry[],
    visited: Set<number>,
    depth: number,
  ): AsyncGenerator<IndexEntry> {
    for (const entry of node) {
      if (entry.child !== undefined) {
        if (visited.has(entry.child) || depth > MAX_DEPTH)
          throw damaged(`ntfs: index block ${entry.child} is its own ancestor`)
        visited.add(entry.child)
        yield* this.#walk(await this.#block(entry.child), visited, depth + 1)
      }
      if (entry.key.length > 0) yield entry
    }
  }

  /**
   * Goes down to where a key is or would be. `compare` is negative where the wanted name sorts
   * before a key. Yields all keys on the way that it is compared with.
   */
  async *path(compare: (key: Buffer) => number): AsyncGenerator<IndexEntry> {
    let node = this.#root
    for (let depth = 0; depth <= MAX_DEPTH; depth++) {
      let child: number | undefined
      for (const entry of node) {
        child = entry.child
        if (entry.key.length === 0) break
        yield entry
        if (compare(entry.key) <= 0) break
      }
      if (child === undefined) return
      node = await this.#block(child)
    }
    throw damaged('ntfs: the index of a folder is too deep')
  }

  async #block(number: number): Promise<IndexEntry[]> {
    const offset = number * this.#unitBytes
    const isThere = this.#blocks && offset + this.#blockBytes <= this.#blocks.sizeBytes
    if (!this.#blocks || !isThere) throw damaged(`ntfs: there is no index block ${number}`)
    return parseIndexBlock(await this.#blocks.read(offset, this.#blockBytes), number)
  }
}

export async function openFolder(
  disk: ByteReader,
  geometry: NtfsGeometry,
  file: NtfsFile,
): Promise<FolderIndex> {
  const value = await file.value(ATTRIBUTE.indexRoot, NAME)
  if (!value) throw damaged(`ntfs: folder ${file.record.number} has no index`)
  const root = parseIndexRoot(value)
  const { blockBytes } = root
  if (blockBytes < 512 || blockBytes > 65536 || (blockBytes & (blockBytes - 1)) !== 0)
    throw damaged(`ntfs: folder ${file.record.number} has blocks of ${blockBytes} bytes`)
  const hasBlocks = file.parts(ATTRIBUTE.indexAllocation, NAME).length > 0
  const blocks = hasBlocks ? await file.open(disk, ATTRIBUTE.indexAllocation, NAME) : undefined
  return new FolderIndex(root, blocks, geometry.clusterBytes)
}
