import { damaged } from '../../damaged.ts'
import { ITEM, MAX_OFFSET, type Key } from '../key.ts'
import type { Item, ItemSource } from '../tree.ts'
import type { Overlay } from './overlay.ts'

/** One name of an inode, as the inode itself knows it. */
export interface Reference {
  readonly folder: bigint
  readonly index: bigint
  readonly name: Buffer
}

/** Of one item, be it of the short or of the long kind. */
export function parseReferences({ key, data }: Item): Reference[] {
  const isLong = key.type === ITEM.longReference
  const head = isLong ? 18 : 10
  const found: Reference[] = []
  for (let at = 0; at < data.length;) {
    const end = at + head <= data.length ? at + head + data.readUInt16LE(at + head - 2) : Infinity
    if (end > data.length) throw damaged(`btrfs: the names of inode ${key.id} are cut off`)
    found.push({
      folder: isLong ? data.readBigUInt64LE(at) : key.offset,
      index: data.readBigUInt64LE(at + (isLong ? 8 : 0)),
      name: Buffer.from(data.subarray(at + head, end)),
    })
    at = end
  }
  return found
}

function serialize(key: Key, references: readonly Reference[]): Buffer {
  const isLong = key.type === ITEM.longReference
  return Buffer.concat(
    references.map(({ folder, index, name }) => {
      const head = Buffer.alloc(isLong ? 18 : 10)
      if (isLong) head.writeBigUInt64LE(folder, 0)
      head.writeBigUInt64LE(index, isLong ? 8 : 0)
      head.writeUInt16LE(name.length, head.length - 2)
      return Buffer.concat([head, name])
    }),
  )
}

export async function* referenceItems(source: ItemSource, inode: bigint): AsyncGenerator<Item> {
  const from = { id: inode, type: ITEM.inodeReference, offset: 0n }
  yield* source.items(from, { id: inode, type: ITEM.longReference, offset: MAX_OFFSET })
}

export async function referencesOf(source: ItemSource, inode: bigint): Promise<Reference[]> {
  const found: Reference[] = []
  for await (const item of referenceItems(source, inode)) found.push(...parseReferences(item))
  return found
}

export async function addReference(view: Overlay, inode: bigint, one: Reference): Promise<void> {
  // Never written to a disk: the short kind holds any number of them.
  const key = { id: inode, type: ITEM.inodeReference, offset: one.folder }
  const data = await view.find(key)
  const others = data
    ? parseReferences({ key, data }).filter(({ name }) => !name.equals(one.name))
    : []
  view.set(key, serialize(key, [...others, one]))
}

/** Gives the index that it had. */
export async function dropReference(
  view: Overlay,
  inode: bigint,
  folder: bigint,
  name: Buffer,
): Promise<bigint | undefined> {
  for await (const item of referenceItems(view, inode)) {
    const all = parseReferences(item)
    const found = all.find((one) => one.folder === folder && one.name.equals(name))
    if (!found) continue
    const others = all.filter((one) => one !== found)
    if (others.length === 0) view.delete(item.key)
    else view.set(item.key, serialize(item.key, others))
    return found.index
  }
  return undefined
}
