import { crc32c } from '../crc32c.ts'
import { damaged } from '../damaged.ts'
import type { GuestType } from '../file-system.ts'
import { requireName } from '../name.ts'
import type { Inode } from './inode.ts'
import { ITEM, MAX_OFFSET, readKey, type Key } from './key.ts'
import { findItem } from './tree.ts'

export interface FolderEntry {
  readonly name: Buffer
  readonly type: GuestType | undefined
  /** Of an inode, or of the tree of a subvolume. */
  readonly target: Key
}

/** Names and attributes are stored alike: what they lead to, name, value. */
export interface NamedItem {
  readonly target: Key
  readonly type: number
  readonly name: Buffer
  readonly value: Buffer
}

const HEAD_BYTES = 30
const TYPES: readonly (GuestType | undefined)[] = [
  undefined,
  'file',
  'folder',
  'character-device',
  'block-device',
  'fifo',
  'socket',
  'link',
]

/** In the order in which they were made. */
export async function* folderEntries({ subvolume, number }: Inode): AsyncGenerator<FolderEntry> {
  const key = (offset: bigint): Key => ({ id: number, type: ITEM.index, offset })
  for await (const { data } of subvolume.items.items(key(0n), key(MAX_OFFSET))) {
    const [found, ...more] = namedItems(data, `btrfs: folder ${subvolume.id}.${number}`)
    if (!found || more.length > 0)
      throw damaged(`btrfs: folder ${subvolume.id}.${number} has a broken entry`)
    yield toEntry(found, `btrfs: folder ${subvolume.id}.${number}`)
  }
}

export async function findEntry(
  { subvolume, number }: Inode,
  name: Buffer,
): Promise<FolderEntry | undefined> {
  const key: Key = { id: number, type: ITEM.name, offset: BigInt(nameHash(name)) }
  const data = await findItem(subvolume.items, key)
  if (!data) return undefined
  const where = `btrfs: folder ${subvolume.id}.${number}`
  const found = namedItems(data, where).find((one) => one.name.equals(name))
  return found && toEntry(found, where)
}

/** A CRC-32C that begins with another number than usual and is not inverted. */
export function nameHash(name: Buffer): number {
  return crc32c(0xfffffffe, name)
}

function toEntry({ name, type, target }: NamedItem, where: string): FolderEntry {
  requireName(name, where)
  return { name: Buffer.from(name), type: TYPES[type], target }
}

export function namedItems(data: Buffer, where: string): NamedItem[] {
  const found: NamedItem[] = []
  for (let at = 0; at < data.length;) {
    if (at + HEAD_BYTES > data.length) throw damaged(`${where} has an entry that is cut off`)
    const valueBytes = data.readUInt16LE(at + 25)
    const nameEnd = at + HEAD_BYTES + data.readUInt16LE(at + 27)
    if (nameEnd + valueBytes > data.length) throw damaged(`${where} has an entry that is cut off`)
    found.push({
      target: readKey(data, at),
      type: data.readUInt8(at + 29),
      name: data.subarray(at + HEAD_BYTES, nameEnd),
      value: data.subarray(nameEnd, nameEnd + valueBytes),
    })
    at = nameEnd + valueBytes
  }
  return found
}
