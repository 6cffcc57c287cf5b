import { damaged } from '../damaged.ts'
import { crc32c } from '../crc32c.ts'
import type { Inode } from './inode.ts'
import type { Volume } from './volume.ts'

/** Blocks of a file that lie together. Holes are not told, unwritten blocks are left out. */
export interface BlockRun {
  /** Block of the file. */
  readonly at: number
  /** Block of the file system. */
  readonly block: number
  readonly count: number
}

const MAGIC = 0xf30a
const MAX_DEPTH = 5
const ENTRY_BYTES = 12
/** Lengths above are of blocks that were allocated and never written: they read as zeros. */
const UNWRITTEN = 32768

interface Node {
  readonly depth: number
  readonly bytes: Buffer
  readonly entries: number
}

/** Runs in ascending order that end beyond block `from` of the file. */
export async function* extentRuns(
  volume: Volume,
  inode: Inode,
  from: number,
): AsyncGenerator<BlockRun> {
  const root = parseNode(volume, inode, inode.root)
  if (root.depth > MAX_DEPTH) throw broken(volume, inode, `extents at depth ${root.depth}`)
  let end = 0
  for await (const run of nodeRuns(volume, inode, root, from)) {
    // Ascending order also bounds the work: no tree can make us go round in circles.
    if (run.at < end) throw broken(volume, inode, `extents out of order at block ${run.at}`)
    end = run.at + run.count
    if (!run.isWritten || end <= from) continue
    volume.requireBlocks(run.block, run.count, `inode ${inode.number}`)
    yield run
  }
}

interface FoundRun extends BlockRun {
  readonly isWritten: boolean
}

async function* nodeRuns(
  volume: Volume,
  inode: Inode,
  node: Node,
  from: number,
): AsyncGenerator<FoundRun> {
  for (let index = 0; index < node.entries; index++) {
    const at = ENTRY_BYTES * (index + 1)
    if (node.depth === 0) {
      yield leafRun(node.bytes, at)
      continue
    }
    const isLast = index === node.entries - 1
    if (!isLast && node.bytes.readUInt32LE(at + ENTRY_BYTES) <= from) continue
    yield* nodeRuns(volume, inode, await child(volume, inode, node, at), from)
  }
}

function leafRun(bytes: Buffer, at: number): FoundRun {
  const length = bytes.readUInt16LE(at + 4)
  return {
    at: bytes.readUInt32LE(at),
    count: length > UNWRITTEN ? length - UNWRITTEN : length,
    isWritten: length <= UNWRITTEN,
    block: bytes.readUInt16LE(at + 6) * 2 ** 32 + bytes.readUInt32LE(at + 8),
  }
}

async function child(volume: Volume, inode: Inode, above: Node, at: number): Promise<Node> {
  const block = above.bytes.readUInt32LE(at + 4) + above.bytes.readUInt16LE(at + 8) * 2 ** 32
  const bytes = await volume.readBlock(block, `the extent tree of inode ${inode.number}`)
  requireChecksum(volume, inode, bytes)
  const node = parseNode(volume, inode, bytes)
  // Depth falls with every step, and each leaf has something: the walk ends.
  if (node.depth !== above.depth - 1 || node.entries === 0)
    throw broken(volume, inode, 'an extent tree that contradicts itself')
  if (node.bytes.readUInt32LE(ENTRY_BYTES) < above.bytes.readUInt32LE(at))
    throw broken(volume, inode, 'an extent tree out of order')
  return node
}

function parseNode(volume: Volume, inode: Inode, bytes: Buffer): Node {
  const entries = bytes.readUInt16LE(2)
  const isSound =
    bytes.readUInt16LE(0) === MAGIC &&
    entries <= bytes.readUInt16LE(4) &&
    (entries + 1) * ENTRY_BYTES <= bytes.length
  if (!isSound) throw broken(volume, inode, 'no valid extent tree')
  return { bytes, entries, depth: bytes.readUInt16LE(6) }
}

function requireChecksum(volume: Volume, inode: Inode, bytes: Buffer): void {
  if (inode.checksumSeed === undefined) return
  const tail = ENTRY_BYTES * (bytes.readUInt16LE(4) + 1)
  const isSound =
    tail + 4 <= bytes.length &&
    bytes.readUInt32LE(tail) === crc32c(inode.checksumSeed, bytes.subarray(0, tail))
  if (!isSound) throw broken(volume, inode, 'extents that do not match their checksum')
}

function broken({ superblock }: Volume, inode: Inode, what: string) {
  return damaged(`${superblock.kind}: inode ${inode.number} has ${what}`)
}
