import type { BlockRun } from './extent-tree.ts'
import type { Inode } from './inode.ts'
import type { Volume } from './volume.ts'

const DIRECT = 12

/** Runs of a file of ext2 or ext3, whose inode has pointers to blocks: direct, then through tables. */
export async function* pointerRuns(
  volume: Volume,
  inode: Inode,
  from: number,
): AsyncGenerator<BlockRun> {
  const blocks = Math.ceil(inode.sizeBytes / volume.superblock.blockBytes)
  let open: { at: number; block: number; count: number } | undefined
  for await (const { at, block } of pointers(volume, inode, { from, to: blocks })) {
    volume.requireBlocks(block, 1, `inode ${inode.number}`)
    if (open && open.at + open.count === at && open.block + open.count === block) {
      open.count++
      continue
    }
    if (open) yield open
    open = { at, block, count: 1 }
  }
  if (open) yield open
}

interface Pointer {
  readonly at: number
  readonly block: number
}

interface Span {
  readonly from: number
  readonly to: number
}

async function* pointers(volume: Volume, inode: Inode, span: Span): AsyncGenerator<Pointer> {
  const perTable = volume.superblock.blockBytes / 4
  let at = 0
  for (let slot = 0; slot < DIRECT + 3; slot++) {
    const level = Math.max(0, slot - DIRECT + 1)
    const covers = perTable ** level
    const block = inode.root.readUInt32LE(slot * 4)
    if (at >= span.to) return
    if (block !== 0 && at + covers > span.from)
      yield* below(volume, inode, { at, block }, level, span)
    at += covers
  }
}

/** Levels fall with every step; blocks beyond the file's end are not looked at. */
async function* below(
  volume: Volume,
  inode: Inode,
  { at, block }: Pointer,
  level: number,
  span: Span,
): AsyncGenerator<Pointer> {
  if (level === 0) {
    yield { at, block }
    return
  }
  const table = await volume.readBlock(block, `a table of inode ${inode.number}`)
  const covers = (table.length / 4) ** (level - 1)
  const first = Math.max(0, Math.floor((span.from - at) / covers))
  for (let slot = first; slot < table.length / 4; slot++) {
    const start = at + slot * covers
    if (start >= span.to) return
    const next = table.readUInt32LE(slot * 4)
    if (next !== 0) yield* below(volume, inode, { at: start, block: next }, level - 1, span)
  }
}
