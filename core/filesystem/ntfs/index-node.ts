import { damaged } from '../damaged.ts'
import { fixedUp } from './fixup.ts'
import { readReference, type FileReference } from './record.ts'

/** A name in a folder's index, or the end of a node, which has no name. */
export interface IndexEntry {
  readonly reference: FileReference
  /** A $FILE_NAME attribute; empty at the end of a node. */
  readonly key: Buffer
  /** The node with all that sorts before this entry. */
  readonly child: number | undefined
}

const HAS_CHILD = 1
const IS_LAST = 2
const ROOT_HEADER = 16
const BLOCK_HEADER = 24

export function parseIndexRoot(value: Buffer): { entries: IndexEntry[]; blockBytes: number } {
  if (value.length < 32) throw damaged('ntfs: a folder has no root')
  const entries = parseEntries(value, ROOT_HEADER, 'the root of a folder')
  return { entries, blockBytes: value.readUInt32LE(8) }
}

export function parseIndexBlock(raw: Buffer, number: number): IndexEntry[] {
  const where = `ntfs: index block ${number}`
  const block = fixedUp(raw, 'INDX', where)
  if (block.readBigUInt64LE(16) !== BigInt(number)) throw damaged(`${where} is another block`)
  return parseEntries(block, BLOCK_HEADER, where)
}

function parseEntries(node: Buffer, header: number, where: string): IndexEntry[] {
  const entries: IndexEntry[] = []
  const end = Math.min(header + node.readUInt32LE(header + 4), node.length)
  for (let at = header + node.readUInt32LE(header); at + 16 <= end;) {
    const length = node.readUInt16LE(at + 8)
    const flags = node.readUInt16LE(at + 12)
    const hasChild = (flags & HAS_CHILD) !== 0
    if (length < (hasChild ? 24 : 16) || at + length > end)
      throw damaged(`${where} has an entry of ${length} bytes at ${at}`)
    const isLast = (flags & IS_LAST) !== 0
    entries.push({
      reference: readReference(node, at),
      key: isLast ? Buffer.alloc(0) : keyOf(node.subarray(at, at + length), where),
      child: hasChild ? childOf(node, at + length - 8, where) : undefined,
    })
    if (isLast) return entries
    at += length
  }
  throw damaged(`${where} has no end`)
}

function keyOf(entry: Buffer, where: string): Buffer {
  const length = entry.readUInt16LE(10)
  const key = entry.subarray(16, 16 + length)
  const isWhole = key.length === length && length >= 68
  if (!isWhole || 66 + key.readUInt8(64) * 2 > length) throw damaged(`${where} has a broken name`)
  return key
}

function childOf(node: Buffer, at: number, where: string): number {
  const child = node.readBigUInt64LE(at)
  if (child > BigInt(2 ** 40)) throw damaged(`${where} leads to block ${child}`)
  return Number(child)
}
