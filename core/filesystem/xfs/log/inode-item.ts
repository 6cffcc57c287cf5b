import { damaged } from '../../damaged.ts'
import { writeChecksum } from './stamps.ts'
import type { LogItem } from './transactions.ts'

/** A file's inode, and what lies in it of its content and attributes. */
export interface InodeItem {
  readonly inode: bigint
  /** The block that it lies in, on the disk, and where in there. */
  readonly sector: number
  readonly sectors: number
  readonly offset: number
  readonly fields: number
  readonly device: number
  readonly core: Buffer
  readonly data: Buffer | undefined
  readonly attributes: Buffer | undefined
}

const FIELD = {
  content: 0x002 | 0x004,
  contentTree: 0x008,
  device: 0x010,
  attribute: 0x040 | 0x080,
  attributeTree: 0x100,
} as const
const DATA_FORK = FIELD.content | FIELD.contentTree
const ATTRIBUTE_FORK = FIELD.attribute | FIELD.attributeTree
const MAX_SECTORS = 128
/** 32-bit kernels left no gap before the number. */
const SHORT_BYTES = 52

export function parseInodeItem({ regions }: LogItem): InodeItem {
  const [format, core, ...forks] = regions
  if (!format || format.length < SHORT_BYTES || !core) throw broken()
  const base = format.length === SHORT_BYTES ? 12 : 16
  if (base + 40 > format.length) throw broken()
  const fields = format.readUInt32LE(4)
  const sector = format.readBigInt64LE(base + 24)
  const sectors = format.readInt32LE(base + 32)
  const offset = format.readInt32LE(base + 36)
  const isInside = sector >= 0n && sector < 2n ** 44n && sectors > 0 && sectors <= MAX_SECTORS
  if (!isInside || offset < 0 || offset >= sectors * 512) throw broken()
  const data = fields & DATA_FORK ? forks.shift() : undefined
  return {
    ...{ inode: format.readBigUInt64LE(base), sector: Number(sector), sectors, offset, fields },
    device: format.readUInt32LE(base + 8),
    ...{ core, data, attributes: fields & ATTRIBUTE_FORK ? forks.shift() : undefined },
  }
}

/** Bytes of the head that come in the order of the machine, and have another on the disk. */
const SWAPPED: readonly (readonly [at: number, bytes: 2 | 4 | 8])[] = [
  ...([0, 2, 20, 22, 88, 90] as const).map((at) => [at, 2] as const),
  ...([8, 12, 16, 72, 84, 92] as const).map((at) => [at, 4] as const),
  ...([56, 64] as const).map((at) => [at, 8] as const),
]
const SWAPPED_V3: readonly (readonly [at: number, bytes: 2 | 4 | 8])[] = [
  [104, 8],
  [120, 8],
  [128, 4],
  [152, 8],
]
const TIMES = [32, 40, 48]
const CREATED_AT = 144
const NEXT_UNLINKED = 96
const MAGIC = 0x494e
const BIG_TIME = 1n << 3n
const BIG_COUNTS = 1n << 4n
const ALL_ONES = 2n ** 64n - 1n
const HEAD_V3_BYTES = 176
const HEAD_V2_BYTES = 100
const FLUSHES_MOST = 0xffff

/** `inode` as it is on the disk becomes what the item says. False: what is there is as young. */
export function applyInodeItem(inode: Buffer, item: InodeItem, lsn: bigint): boolean {
  const isV3 = inode.readUInt8(4) === 3
  if (inode.readUInt16BE(0) !== MAGIC)
    throw damaged(`xfs: the log has a change of inode ${item.inode}, which is none`)
  if (isV3 ? isYounger(inode, lsn) : isOlder(item.core, inode)) return false
  applyHead(inode, item.core, lsn)
  if (item.fields & FIELD.device) inode.writeUInt32BE(item.device, headBytes(inode))
  applyForks(inode, item)
  if (isV3) writeChecksum(inode, 100)
  return true
}

function isYounger(inode: Buffer, lsn: bigint): boolean {
  const there = inode.readBigUInt64BE(112)
  return there !== ALL_ONES && there > lsn
}

/** Before there were LSNs in inodes, they counted how often they were written. */
function isOlder(core: Buffer, inode: Buffer): boolean {
  const [logged, there] = [core.length < 32 ? 0 : core.readUInt16LE(30), inode.readUInt16BE(30)]
  const hasWrapped = there === FLUSHES_MOST && logged < FLUSHES_MOST >> 1
  return logged < there && !hasWrapped
}

function headBytes(inode: Buffer): number {
  return inode.readUInt8(4) === 3 ? HEAD_V3_BYTES : HEAD_V2_BYTES
}

function applyHead(inode: Buffer, core: Buffer, lsn: bigint): void {
  const isV3 = core.length >= 5 && core.readUInt8(4) === 3
  const head = isV3 ? HEAD_V3_BYTES : NEXT_UNLINKED
  if (core.length < head || core.readUInt16LE(0) !== MAGIC) throw broken()
  const next = Buffer.from(inode.subarray(NEXT_UNLINKED, HEAD_V2_BYTES))
  core.copy(inode, 0, 0, head)
  next.copy(inode, NEXT_UNLINKED)
  for (const [at, bytes] of isV3 ? [...SWAPPED, ...SWAPPED_V3] : SWAPPED)
    inode.subarray(at, at + bytes).reverse()
  const flags2 = isV3 ? inode.readBigUInt64BE(120) : 0n
  swapTimes(inode, (flags2 & BIG_TIME) !== 0n, isV3 ? [...TIMES, CREATED_AT] : TIMES)
  swapCounts(inode, (flags2 & BIG_COUNTS) !== 0n, isV3)
  inode.writeUInt16BE(0, 6)
  if (isV3) inode.writeBigUInt64BE(lsn, 112)
}

function swapTimes(inode: Buffer, isBig: boolean, places: readonly number[]): void {
  for (const at of places) {
    if (isBig) inode.subarray(at, at + 8).reverse()
    else for (const half of [at, at + 4]) inode.subarray(half, half + 4).reverse()
  }
}

function swapCounts(inode: Buffer, isBig: boolean, isV3: boolean): void {
  if (isBig) inode.subarray(24, 32).reverse()
  else if (isV3) inode.fill(0, 24, 32)
  else inode.writeUInt16BE(0, 30)
  inode.subarray(76, 80).reverse()
  inode.subarray(80, 82).reverse()
}

function applyForks(inode: Buffer, { fields, data, attributes }: InodeItem): void {
  const start = headBytes(inode)
  const shift = inode.readUInt8(82) * 8
  const split = shift === 0 ? inode.length : start + shift
  if (split > inode.length) throw broken()
  if (data) put(inode.subarray(start, split), data, (fields & FIELD.contentTree) !== 0)
  if (attributes) put(inode.subarray(split), attributes, (fields & FIELD.attributeTree) !== 0)
}

function put(fork: Buffer, bytes: Buffer, isTree: boolean): void {
  if (isTree) putRoot(fork, bytes)
  else if (bytes.length > fork.length) throw broken()
  else bytes.copy(fork)
}

/** In memory a tree's root has the head of a block; in the inode, four bytes. */
function putRoot(fork: Buffer, block: Buffer): void {
  const head = block.toString('latin1', 0, 4) === 'BMA3' ? 72 : 24
  const from = Math.floor((block.length - head) / 16)
  const to = Math.floor((fork.length - 4) / 16)
  const count = block.length < head ? -1 : block.readUInt16BE(6)
  if (count < 0 || count > from || count > to) throw broken()
  block.copy(fork, 0, 4, 8)
  block.copy(fork, 4, head, head + count * 8)
  const pointers = head + from * 8
  block.copy(fork, 4 + to * 8, pointers, pointers + count * 8)
}

function broken() {
  return damaged('xfs: the log has a broken change of an inode')
}
