import type { ByteReader } from '../byte-reader.ts'
import { damaged } from '../damaged.ts'
import { overlaid } from '../overlay.ts'
import { blockRuns } from './content.ts'
import { readInode, type Inode } from './inode.ts'
import { isWholeBlock, isWholeCommit, isWholeData } from './journal-checksums.ts'
import {
  COMMIT,
  DESCRIPTOR,
  JOURNAL_MAGIC,
  parseJournalShape,
  parseRevoked,
  parseTags,
  REVOKE,
  type JournalShape,
  type Tag,
} from './journal-layout.ts'
import { movedBlocks } from './moved-blocks.ts'
import type { Volume } from './volume.ts'

/*
 * What the kernel does when it mounts after a crash, without writing:
 * 1. Walk the circle from the oldest transaction on, as long as blocks bear the magic number and the
 *    sequence that is due. A transaction counts when its commit block is there and whole.
 * 2. Of each block the last write counts, unless a transaction as young or younger revoked it.
 * 3. Those writes lie over the disk: reads see them.
 */

/** Where the content of a block is now. */
interface Write {
  readonly sequence: number
  /** Block of the file system that the journal's own block is. */
  readonly place: number
  readonly isEscaped: boolean
}

/** As many as a journal of 1 GiB may hold, and more. */
const MAX_REVOKED = 4_000_000

class Replay {
  readonly writes = new Map<number, Write>()
  readonly #revoked = new Map<number, number>()
  #open: { tag: Tag; place: number }[] = []
  #openRevoked: number[] = []

  write(tag: Tag, place: number): void {
    this.#open.push({ tag, place })
  }

  revoke(blocks: readonly number[]): void {
    if (this.#revoked.size + this.#openRevoked.length + blocks.length > MAX_REVOKED)
      throw damaged('ext: the journal revokes more blocks than it can')
    for (const block of blocks) this.#openRevoked.push(block)
  }

  commit(sequence: number): void {
    for (const { tag, place } of this.#open)
      this.writes.set(tag.block, { sequence, place, isEscaped: tag.isEscaped })
    for (const block of this.#openRevoked) this.#revoked.set(block, sequence)
    this.#open = []
    this.#openRevoked = []
  }

  /** Leaves what is to be written. Sequences count modulo 2^32. */
  finish(): Map<number, Write> {
    for (const [block, { sequence }] of this.writes) {
      const revoked = this.#revoked.get(block)
      if (revoked !== undefined && ((revoked - sequence) | 0) >= 0) this.writes.delete(block)
    }
    return this.writes
  }
}

/** The disk as it will be when the guest has recovered. */
export async function replayJournal(volume: Volume, warnings: string[]): Promise<ByteReader> {
  const { superblock, disk } = volume
  if (superblock.journalInode === 0 || superblock.hasExternalJournal) {
    warnings.push('the journal is on another device: changes that are only there are not seen')
    return disk
  }
  const inode = await readInode(volume, superblock.journalInode)
  const blocks = Math.floor(inode.sizeBytes / superblock.blockBytes)
  const places = await blockPlaces(volume, inode, blocks)
  const read = (block: number) =>
    volume.readBlock(places[block] ?? 0, `block ${block} of the journal`)
  const shape = parseJournalShape(await read(0), blocks)
  if (shape.blockBytes !== superblock.blockBytes)
    throw damaged(`${superblock.kind}: blocks of the journal have another size`)
  if (shape.start === 0) return disk
  if (shape.hasFastCommits)
    warnings.push('fast commits of the journal are not replayed: the newest changes may be missing')
  const writes = await scan({ shape, read, places }, warnings)
  for (const block of writes.keys())
    if (block >= superblock.blocks)
      throw damaged(
        `${superblock.kind}: the journal writes to block ${block}, which does not exist`,
      )
  const { blockBytes } = superblock
  return overlaid(disk, blockBytes, movedBlocks(disk, blockBytes, writes))
}

/** Where each block of the journal lies; 0 for none. Journals end at 2^32 blocks, ours far below. */
async function blockPlaces(volume: Volume, inode: Inode, blocks: number): Promise<Float64Array> {
  if (blocks > MAX_JOURNAL_BLOCKS) throw damaged('ext: the journal is larger than journals are')
  const places = new Float64Array(blocks)
  for await (const run of blockRuns(volume, inode, 0))
    for (let i = 0; i < run.count && run.at + i < blocks; i++) places[run.at + i] = run.block + i
  return places
}

const MAX_JOURNAL_BLOCKS = 10_240_000

interface Journal {
  readonly shape: JournalShape
  readonly read: (block: number) => Promise<Buffer>
  readonly places: Float64Array
}

async function scan(journal: Journal, warnings: string[]): Promise<Map<number, Write>> {
  const { shape, read } = journal
  const replay = new Replay()
  let sequence = shape.sequence
  let at = shape.start
  const data: Buffer[] = []
  // Once round at most: a journal of valid blocks only would otherwise never end.
  for (let left = shape.end - shape.first; left > 0; left--) {
    const bytes = await read(at)
    if (bytes.readUInt32BE(0) !== JOURNAL_MAGIC || bytes.readUInt32BE(8) !== sequence) break
    const type = bytes.readUInt32BE(4)
    at = next(shape, at)
    if (type === DESCRIPTOR) {
      if (!isWholeBlock(shape, bytes)) break
      const tags = parseTags(shape, bytes)
      left -= tags.length
      if (left < 0) break
      at = await take(journal, { at, tags, sequence, bytes, data }, replay, warnings)
    } else if (type === REVOKE) {
      if (!isWholeBlock(shape, bytes)) break
      replay.revoke(parseRevoked(shape, bytes))
    } else if (type === COMMIT) {
      if (!isWholeCommit(shape, bytes, data)) break
      replay.commit(sequence)
      data.length = 0
      sequence = (sequence + 1) >>> 0
    } else break
  }
  return replay.finish()
}

interface Descriptor {
  readonly at: number
  readonly tags: readonly Tag[]
  readonly sequence: number
  readonly bytes: Buffer
  readonly data: Buffer[]
}

/** The blocks that follow a descriptor. Only the oldest checksums need their bytes until the commit. */
async function take(
  { shape, read, places }: Journal,
  { at, tags, sequence, bytes, data }: Descriptor,
  replay: Replay,
  warnings: string[],
): Promise<number> {
  const keepsData = shape.checksums === 'v1'
  if (keepsData) data.push(bytes)
  let block = at
  for (const tag of tags) {
    if (shape.checksums !== 'none') {
      const content = await read(block)
      if (keepsData) data.push(content)
      else if (!isWholeData(shape, { sequence, checksum: tag.checksum, content })) {
        warnings.push(`the journal's copy of block ${tag.block} is damaged and was left out`)
        block = next(shape, block)
        continue
      }
    }
    replay.write(tag, places[block] ?? 0)
    block = next(shape, block)
  }
  return block
}

function next({ first, end }: JournalShape, block: number): number {
  return block + 1 >= end ? first : block + 1
}
