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
  let open: BlockRun | undefined
  for await (const run of tableRuns(volume, inode, { from, to: blocks })) {
    volume.requireBlocks(run.block, run.count, `inode ${inode.number}`)
    if (open && open.at + open.count === run.at && open.block + open.count === run.block)
      open = { ...open, count: open.count + run.count }
    else {
      if (open) yield open
      open = run
    }
  }
  if (open) yield open
}

interface Span {
  readonly from: number
  readonly to: number
}

async function* tableRuns(volume: Volume, inode: Inode, span: Span): AsyncGenerator<BlockRun> {
  yield* runsOf(inode.root.subarray(0, DIRECT * 4), 0, span)
  const perTable = volume.superblock.blockBytes / 4
  let at = DIRECT
  for (let level = 1; level <= 3; level++) {
    const block = inode.root.readUInt32LE((DIRECT + level - 1) * 4)
    const covers = perTable ** level
    if (at >= span.to) return
    if (block !== 0 && at + covers > span.from) {
      const table = { at, block, level }
      yield* below(volume, inode, table, span)
    }
    at += covers
  }
}

interface Table {
  /** Block of the file that its first pointer is about. */
  readonly at: number
  readonly block: number
  /** Tables down to the data, this one included. */
  readonly level: number
}

/** Levels fall with every step; blocks beyond the file's end are not looked at. */
async function* below(
  volume: Volume,
  inode: Inode,
  { at, block, level }: Table,
  span: Span,
): AsyncGenerator<BlockRun> {
  const table = await volume.readBlock(block, `a table of inode ${inode.number}`)
  if (level === 1) {
    yield* runsOf(table, at, span)
    return
  }
  const covers = (table.length / 4) ** (level - 1)
  const first = Math.max(0, Math.floor((span.from - at) / covers))
  for (let slot = first; slot < table.length / 4; slot++) {
    const start = at + slot * covers
    if (start >= span.to) return
    const next = table.readUInt32LE(slot * 4)
    if (next !== 0) yield* below(volume, inode, { at: start, block: next, level: level - 1 }, span)
  }
}

/** Pointers that follow one another, together: one by one they would cost more than the reading. */
function runsOf(table: Buffer, base: number, { from, to }: Span): BlockRun[] {
  const runs: { at: number; block: number; count: number }[] = []
  const end = Math.min(table.length / 4, to - base)
  for (let slot = Math.max(0, from - base); slot < end; slot++) {
    const block = table.readUInt32LE(slot * 4)
    if (block === 0) continue
    const last = runs.at(-1)
    const isNext = last && last.at + last.count === base + slot
    if (isNext && last.block + last.count === block) last.count++
    else runs.push({ at: base + slot, block, count: 1 })
  }
  return runs
}
