import { damaged } from '../damaged.ts'
import type { GuestAttribute } from '../file-system.ts'
import { toLinuxAcl } from './access-list.ts'
import { openContent } from './content.ts'
import { readInode, type Inode } from './inode.ts'
import type { Volume } from './volume.ts'

const MAGIC = 0xea020000
const ENTRY_BYTES = 16
const ACCESS_LIST = 2
const DEFAULT_LIST = 3
const SYSTEM = 7

const PREFIXES: Readonly<Record<number, string>> = {
  1: 'user.',
  [ACCESS_LIST]: 'system.posix_acl_access',
  [DEFAULT_LIST]: 'system.posix_acl_default',
  4: 'trusted.',
  6: 'security.',
  [SYSTEM]: 'system.',
  8: 'system.richacl',
}

/** What Linux lets a value have; more is refused before it is read. */
const MAX_VALUE_BYTES = 65536

interface Entry {
  readonly prefix: number
  readonly name: Buffer
  readonly valueInode: number
  readonly valueBytes: number
  /** Where it lies, if not in an inode of its own. */
  readonly value: Buffer
}

/** Extended attributes as Linux shows them, access lists included. */
export async function readAttributes(volume: Volume, inode: Inode): Promise<GuestAttribute[]> {
  const found: GuestAttribute[] = []
  for (const entry of [...tailEntries(volume, inode), ...(await blockEntries(volume, inode))]) {
    const prefix = PREFIXES[entry.prefix]
    // Others, such as keys of encryption and inline data, Linux does not show either.
    if (prefix === undefined || isInlineData(entry)) continue
    const value = await valueOf(volume, inode, entry)
    const isList = entry.prefix === ACCESS_LIST || entry.prefix === DEFAULT_LIST
    const name = Buffer.concat([Buffer.from(prefix), entry.name])
    found.push({ name, value: isList ? toLinuxAcl(value) : value })
  }
  return found
}

/** Small files and folders lie in their inode: 60 bytes, and the rest in an attribute. */
export async function readInlineData(volume: Volume, inode: Inode): Promise<Buffer> {
  const entry = tailEntries(volume, inode).find(isInlineData)
  const whole = Buffer.concat([inode.root, entry?.value ?? Buffer.alloc(0)])
  if (inode.sizeBytes > whole.length)
    throw damaged(`${volume.superblock.kind}: inode ${inode.number} lacks part of its content`)
  return whole.subarray(0, inode.sizeBytes)
}

function isInlineData({ prefix, name }: Entry): boolean {
  return prefix === SYSTEM && name.toString('latin1') === 'data'
}

function tailEntries(volume: Volume, inode: Inode): Entry[] {
  const { tail } = inode
  if (tail.length < 8 || tail.readUInt32LE(0) !== MAGIC) return []
  return [...entries(volume, inode, tail.subarray(4), 0)]
}

async function blockEntries(volume: Volume, inode: Inode): Promise<Entry[]> {
  if (inode.attributeBlock === 0) return []
  const what = `the attributes of inode ${inode.number}`
  const block = await volume.readBlock(inode.attributeBlock, what)
  if (block.readUInt32LE(0) !== MAGIC) throw broken(volume, inode)
  return [...entries(volume, inode, block, 32)]
}

/** Entries from `first` on until one that is empty; offsets of values count from `bytes`. */
function* entries(volume: Volume, inode: Inode, bytes: Buffer, first: number): Generator<Entry> {
  for (let at = first; at + 4 <= bytes.length && bytes.readUInt32LE(at) !== 0;) {
    if (at + ENTRY_BYTES > bytes.length) throw broken(volume, inode)
    const nameEnd = at + ENTRY_BYTES + bytes[at]!
    const valueInode = bytes.readUInt32LE(at + 4)
    const valueBytes = bytes.readUInt32LE(at + 8)
    const offset = bytes.readUInt16LE(at + 2)
    const isInside = valueInode !== 0 || offset + valueBytes <= bytes.length
    if (nameEnd > bytes.length || valueBytes > MAX_VALUE_BYTES || !isInside)
      throw broken(volume, inode)
    const value = bytes.subarray(offset, valueInode === 0 ? offset + valueBytes : offset)
    const name = Buffer.from(bytes.subarray(at + ENTRY_BYTES, nameEnd))
    yield { prefix: bytes[at + 1]!, name, valueInode, valueBytes, value }
    at = (nameEnd + 3) & ~3
  }
}

async function valueOf(volume: Volume, inode: Inode, entry: Entry): Promise<Buffer> {
  if (entry.valueInode === 0) return Buffer.from(entry.value)
  const holder = await readInode(volume, entry.valueInode)
  // Such an inode has no attributes of its own to be followed, so this ends here.
  if (!holder.isValue || holder.isInline || holder.sizeBytes !== entry.valueBytes)
    throw broken(volume, inode)
  return (await openContent(volume, holder)).read(0, entry.valueBytes)
}

function broken({ superblock }: Volume, inode: Inode) {
  return damaged(`${superblock.kind}: inode ${inode.number} has broken extended attributes`)
}
