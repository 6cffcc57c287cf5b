import { damaged, unsupported } from '../damaged.ts'
import { readWide } from '../wide-number.ts'
import type { Compression } from './decompress.ts'
import type { Inode } from './inode.ts'
import { ITEM, MAX_OFFSET, type Key } from './key.ts'
import type { Item } from './tree.ts'

/** A part of a file. Pieces come in order and without gap. */
export interface Piece {
  readonly offset: number
  readonly length: number
  readonly from: 'hole' | InlineContent | StoredContent
}

/** Stored in the tree itself, from the start of the piece on; zeros where it is shorter. */
export interface InlineContent {
  readonly inline: Buffer
  readonly compression: Compression
  readonly plainBytes: number
}

/** Stored in blocks of their own. */
export interface StoredContent {
  readonly at: number
  readonly storedBytes: number
  readonly compression: Compression
  readonly plainBytes: number
  /** Where the piece begins in the plain bytes. */
  readonly skip: number
}

const HEAD_BYTES = 21
const STORED_BYTES = 53
const INLINE = 0
const REGULAR = 1
const RESERVED = 2
const COMPRESSIONS: readonly Compression[] = ['none', 'zlib', 'lzo', 'zstd']
/** Linux compresses 128 KiB at a time. */
const MAX_COMPRESSED_BYTES = 2 ** 20

/** What holds [offset, sizeBytes) of the file. */
export async function* pieces(inode: Inode, offset: number): AsyncGenerator<Piece> {
  const { sizeBytes } = inode.status
  let end = offset
  for await (const item of extentItems(inode, offset)) {
    const piece = parseExtent(inode, item)
    if (piece.offset >= sizeBytes) break
    if (piece.offset + piece.length <= offset) continue
    if (piece.offset < end && piece.offset >= offset)
      throw damaged(`btrfs: inode ${inode.status.id} has extents that overlap`)
    if (piece.offset > end) yield { offset: end, length: piece.offset - end, from: 'hole' }
    yield piece
    end = piece.offset + piece.length
  }
  if (end < sizeBytes) yield { offset: end, length: sizeBytes - end, from: 'hole' }
}

async function* extentItems({ subvolume, number }: Inode, offset: number): AsyncGenerator<Item> {
  const key = (at: bigint): Key => ({ id: number, type: ITEM.extent, offset: at })
  const before = await subvolume.items.upTo(key(BigInt(offset)))
  const isOurs = before?.key.id === number && before.key.type === ITEM.extent
  const from = isOurs ? before.key.offset : BigInt(offset)
  yield* subvolume.items.items(key(from), key(MAX_OFFSET))
}

function parseExtent(inode: Inode, { key, data }: Item): Piece {
  const offset = Number(key.offset)
  const where = `btrfs: the extent at ${key.offset} of inode ${inode.status.id}`
  if (data.length < HEAD_BYTES) throw damaged(`${where} is cut off`)
  const plainBytes = readWide(data, 8, where)
  const compression = COMPRESSIONS[data.readUInt8(16)]
  const type = data.readUInt8(20)
  if (!compression) throw unsupported(`${where} is compressed in an unknown way`)
  if (data.readUInt8(17) !== 0 || data.readUInt16LE(18) !== 0)
    throw unsupported(`${where} is encrypted or encoded in an unknown way`)
  if (type === INLINE) {
    if (offset !== 0 || plainBytes > 65536) throw damaged(`${where} is inline and makes no sense`)
    const inline = data.subarray(HEAD_BYTES)
    if (compression === 'none' && inline.length < plainBytes) throw damaged(`${where} is cut off`)
    return { offset, length: Math.max(1, plainBytes), from: { inline, compression, plainBytes } }
  }
  if (type > RESERVED || data.length < STORED_BYTES) throw damaged(`${where} makes no sense`)
  const [at, storedBytes] = [readWide(data, 21, where), readWide(data, 29, where)]
  const [skip, length] = [readWide(data, 37, where), readWide(data, 45, where)]
  if (length === 0 || !Number.isSafeInteger(offset + length)) throw damaged(`${where} is empty`)
  if (at === 0 || type === RESERVED) return { offset, length, from: 'hole' }
  const isCompressed = compression !== 'none'
  const isSound =
    type === REGULAR &&
    skip + length <= plainBytes &&
    (isCompressed
      ? storedBytes > 0 && storedBytes <= MAX_COMPRESSED_BYTES && plainBytes <= MAX_COMPRESSED_BYTES
      : skip + length <= storedBytes)
  if (!isSound) throw damaged(`${where} makes no sense`)
  return { offset, length, from: { at, storedBytes, compression, plainBytes, skip } }
}
