import { namedItems, nameHash, type NamedItem } from '../folder.ts'
import { inodeKey } from '../inode.ts'
import { ITEM, type Key } from '../key.ts'
import type { Overlay } from './overlay.ts'
import { addReference, dropReference } from './references.ts'

/** Entries of folders are kept three times: by index, by name, and with the inode. */

export interface Name {
  readonly folder: bigint
  readonly index: bigint
  readonly name: Buffer
  readonly target: Key
  readonly type: number
}

const HEAD_BYTES = 30
const TYPES: Readonly<Record<number, number>> = {
  0o10: 1,
  0o04: 2,
  0o02: 3,
  0o06: 4,
  0o01: 5,
  0o14: 6,
  0o12: 7,
}

export function entryType(mode: number): number {
  return TYPES[mode >>> 12] ?? 0
}

export async function addName(view: Overlay, one: Name): Promise<void> {
  const { folder, index, name, target } = one
  const { key, others } = await byName(view, folder, name)
  view.set(key, Buffer.concat([...others.map(serialize), serialize({ ...one, value: NONE })]))
  view.set({ id: folder, type: ITEM.index, offset: index }, serialize({ ...one, value: NONE }))
  if (target.type === ITEM.inode) await addReference(view, target.id, { folder, index, name })
}

/** Takes a name away, wherever it leads. */
export async function dropName(view: Overlay, folder: bigint, name: Buffer): Promise<void> {
  const { key, found, others } = await byName(view, folder, name)
  if (!found) return
  if (others.length === 0) view.delete(key)
  else view.set(key, Buffer.concat(others.map(serialize)))
  const index =
    found.target.type === ITEM.inode
      ? await dropReference(view, found.target.id, folder, name)
      : undefined
  if (index !== undefined) view.delete({ id: folder, type: ITEM.index, offset: index })
}

export async function findName(
  view: Overlay,
  folder: bigint,
  name: Buffer,
): Promise<NamedItem | undefined> {
  return (await byName(view, folder, name)).found
}

async function byName(view: Overlay, folder: bigint, name: Buffer) {
  const key = { id: folder, type: ITEM.name, offset: BigInt(nameHash(name)) }
  const data = await view.find(key)
  const all = data ? namedItems(data, `btrfs: folder ${folder}`) : []
  const found = all.find((one) => one.name.equals(name))
  return { key, found, others: all.filter((one) => one !== found) }
}

const NONE = Buffer.alloc(0)

function serialize({ target, type, name, value }: NamedItem): Buffer {
  const head = Buffer.alloc(HEAD_BYTES)
  head.writeBigUInt64LE(target.id, 0)
  head.writeUInt8(target.type, 8)
  head.writeBigUInt64LE(target.offset, 9)
  head.writeUInt16LE(value.length, 25)
  head.writeUInt16LE(name.length, 27)
  head.writeUInt8(type, 29)
  return Buffer.concat([head, name, value])
}

export async function hasInode(view: Overlay, inode: bigint): Promise<boolean> {
  return (await view.find(inodeKey(inode))) !== undefined
}
