import { damaged } from '../damaged.ts'
import { MAX_READ_BYTES, type GuestExtent, type GuestFile } from '../file-system.ts'
import { readInlineData } from './attributes.ts'
import { extentRuns, type BlockRun } from './extent-tree.ts'
import type { Inode } from './inode.ts'
import { pointerRuns } from './pointer-tree.ts'
import type { Volume } from './volume.ts'

/** What an inode holds, be it a file's content, a folder's entries or a link's target. */
export async function openContent(volume: Volume, inode: Inode): Promise<GuestFile> {
  if (inode.isInline) return inlineContent(await readInlineData(volume, inode), inode.sizeBytes)
  const { sizeBytes } = inode
  return {
    ...{ sizeBytes, disk: volume.disk },
    extents: (offset = 0) => withHoles(pieces(volume, inode, offset), offset, sizeBytes),
    read: (offset, length) => read(volume, inode, offset, length),
  }
}

function inlineContent(bytes: Buffer, sizeBytes: number): GuestFile {
  const whole = Buffer.concat([bytes], sizeBytes)
  return {
    sizeBytes,
    async *extents(offset = 0) {
      if (offset < sizeBytes) yield { offset, length: sizeBytes - offset, hole: false }
    },
    read: async (offset, length) => Buffer.from(whole.subarray(offset, offset + length)),
  }
}

interface Piece {
  readonly offset: number
  readonly length: number
  /** On the disk. */
  readonly place: number
}

/** The written parts of a file from `offset` on, in bytes, cut at its end. */
async function* pieces(volume: Volume, inode: Inode, offset: number): AsyncGenerator<Piece> {
  const { blockBytes } = volume.superblock
  for await (const run of blockRuns(volume, inode, Math.floor(offset / blockBytes))) {
    const start = Math.max(run.at * blockBytes, offset)
    const end = Math.min((run.at + run.count) * blockBytes, inode.sizeBytes)
    // Space reserved beyond the end is no content.
    if (start >= inode.sizeBytes) return
    if (end <= start) continue
    const place = run.block * blockBytes + (start - run.at * blockBytes)
    yield { offset: start, length: end - start, place }
  }
}

export function blockRuns(volume: Volume, inode: Inode, from: number): AsyncGenerator<BlockRun> {
  return inode.hasExtents ? extentRuns(volume, inode, from) : pointerRuns(volume, inode, from)
}

async function* withHoles(
  found: AsyncIterable<Piece>,
  offset: number,
  sizeBytes: number,
): AsyncGenerator<GuestExtent> {
  let at = offset
  for await (const piece of found) {
    if (piece.offset > at) yield { offset: at, length: piece.offset - at, hole: true }
    yield { ...piece, hole: false }
    at = piece.offset + piece.length
  }
  if (at < sizeBytes) yield { offset: at, length: sizeBytes - at, hole: true }
}

async function read(volume: Volume, inode: Inode, offset: number, length: number): Promise<Buffer> {
  if (length > MAX_READ_BYTES) throw damaged(`a read of ${length} bytes at once`)
  const wanted = Math.max(0, Math.min(length, inode.sizeBytes - offset))
  const into = Buffer.alloc(wanted)
  if (wanted === 0) return into
  for await (const piece of pieces(volume, inode, offset)) {
    const start = piece.offset - offset
    if (start >= wanted) break
    const count = Math.min(piece.length, wanted - start)
    into.set(await volume.disk.read(piece.place, count), start)
    if (start + count >= wanted) break
  }
  return into
}
