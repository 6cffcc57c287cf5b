import { damaged } from '../../damaged.ts'
import type { LogItem } from './transactions.ts'

/** Parts of blocks that were changed, byte by byte. */
export interface BufferItem {
  /** On the disk, in sectors of 512 bytes. */
  readonly sector: number
  readonly sectors: number
  readonly flags: number
  /** What kind of structure it is. */
  readonly kind: number
  readonly parts: readonly { readonly at: number; readonly bytes: Buffer }[]
}

export const INODE_BUFFER = 1
/** The block was freed: what was written to it before must not come back. */
export const CANCEL = 2

/** Of free space and inodes in use, and quotas: nothing that files are read by. */
const UNREAD = new Set([1, 2, 3, 5, 6, 7, 19, 20])
const FOLDED_BYTES = 128
const MAX_SECTORS = 128
const KIND_SHIFT = 11

export function isRead({ kind, flags }: BufferItem): boolean {
  return !UNREAD.has(kind) && (flags & INODE_BUFFER) === 0
}

export function parseBufferItem({ regions }: LogItem): BufferItem {
  const [format] = regions
  if (!format || format.length < 24) throw broken()
  const sectors = format.readUInt16LE(6)
  const sector = format.readBigInt64LE(8)
  const flags = format.readUInt16LE(4)
  if (sector < 0n || sector > 2n ** 44n || sectors > MAX_SECTORS) throw broken()
  const shape = { sector: Number(sector), sectors, flags, kind: flags >> KIND_SHIFT }
  return { ...shape, parts: flags & CANCEL ? [] : [...parts(format, regions, sectors * 512)] }
}

/** A map of bits says which 128 bytes were changed; each run of them is a region. */
function* parts(format: Buffer, regions: readonly Buffer[], blockBytes: number) {
  const words = format.readUInt32LE(16)
  if (20 + words * 4 > format.length) throw broken()
  const isSet = (bit: number) => (format[20 + (bit >> 3)]! & (1 << (bit & 7))) !== 0
  let region = 1
  for (let bit = 0; bit < words * 32;) {
    if (!isSet(bit)) {
      bit++
      continue
    }
    const first = bit
    while (bit < words * 32 && isSet(bit)) bit++
    const bytes = regions[region++]
    const length = Math.min((bit - first) * FOLDED_BYTES, bytes?.length ?? -1)
    if (!bytes || first * FOLDED_BYTES + length > blockBytes) throw broken()
    yield { at: first * FOLDED_BYTES, bytes: bytes.subarray(0, length) }
    // A region that is cut short goes on in the next one.
    bit = first + Math.max(1, Math.ceil(length / FOLDED_BYTES))
  }
}

function broken() {
  return damaged('xfs: the log has a broken change of a block')
}
