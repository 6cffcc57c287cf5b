import { damaged } from '../../damaged.ts'
import { namedItems } from '../folder.ts'
import { INODE_BYTES, inodeKey } from '../inode.ts'
import { CHECKSUMS_ID, ITEM, MAX_OFFSET, type Key } from '../key.ts'
import type { Item, ItemSource } from '../tree.ts'
import { dropExtents, extentEnd } from './drop-extents.ts'
import { addName, dropName, entryType, findName, hasInode } from './names.ts'
import { Overlay } from './overlay.ts'
import { dropReference, parseReferences, referencesOf } from './references.ts'

/*
 * The log of a subvolume has items of inodes as they were when they were synced. What follows is what
 * Linux does with it at the next mount: inodes and what was taken out of folders first, then names,
 * then references, attributes and extents, and the counts of links last.
 */

const FOLDER = 0o04
const FILE = 0o10

interface Replay {
  readonly view: Overlay
  readonly log: ItemSource
  readonly sectorBytes: number
  /** Whose names may have changed. */
  readonly touched: Set<bigint>
}

/** The subvolume as it is with its log. Checksums of content go to `checksums`. */
export async function replayLog(
  base: ItemSource,
  log: ItemSource,
  checksums: Overlay,
  sectorBytes: number,
): Promise<ItemSource> {
  const replay: Replay = { view: new Overlay(base), log, sectorBytes, touched: new Set() }
  const ignored = new Set<bigint>()
  for await (const item of logged(log)) {
    if (item.key.type === ITEM.inode) await replayInode(replay, item, ignored)
    if (item.key.id === CHECKSUMS_ID) checksums.set(item.key, item.data)
  }
  for await (const item of logged(log))
    if (item.key.type === ITEM.index && !ignored.has(item.key.id)) await replayEntry(replay, item)
  for await (const item of logged(log)) {
    const { id, type } = item.key
    if (ignored.has(id)) continue
    if (type === ITEM.attribute) replay.view.set(item.key, item.data)
    if (type === ITEM.inodeReference || type === ITEM.longReference)
      await replayReferences(replay, item)
    if (type === ITEM.extent) await replayExtent(replay, item)
  }
  for (const inode of replay.touched) await countLinks(replay.view, inode)
  return replay.view
}

function logged(log: ItemSource): AsyncIterable<Item> {
  return log.items(
    { id: 0n, type: 0, offset: 0n },
    { id: MAX_OFFSET, type: 255, offset: MAX_OFFSET },
  )
}

async function replayInode(
  { view, log, sectorBytes, touched }: Replay,
  { key, data }: Item,
  ignored: Set<bigint>,
): Promise<void> {
  if (data.length < INODE_BYTES) throw damaged(`btrfs: inode ${key.id} of the log is cut off`)
  // Files without names were logged by mistake, as far as names go.
  if (data.readUInt32LE(40) === 0) return void ignored.add(key.id)
  touched.add(key.id)
  await dropAll(view, key.id, ITEM.attribute)
  const kind = data.readUInt32LE(52) >>> 12
  if (kind === FOLDER) await dropEntries({ view, log, touched }, key.id)
  const inode = mergedInode(await view.find(key), data)
  view.set(key, inode)
  if (kind !== FILE) return
  const sector = BigInt(sectorBytes)
  const end = ((inode.readBigUInt64LE(16) + sector - 1n) / sector) * sector
  await dropExtents(view, key.id, [end, MAX_OFFSET], sectorBytes)
}

/** Generation 0 says that the inode was logged for its existence alone: what is known of it stays. */
function mergedInode(known: Buffer | undefined, data: Buffer): Buffer {
  if (!known || known.length < INODE_BYTES || data.readBigUInt64LE(0) !== 0n) return data
  const merged = Buffer.from(known)
  const isFile = [known, data].every((inode) => inode.readUInt32LE(52) >>> 12 === FILE)
  if (isFile && data.readBigUInt64LE(16) !== 0n) data.copy(merged, 16, 16, 24)
  return merged
}

async function dropAll(view: Overlay, id: bigint, type: number): Promise<void> {
  const found: Key[] = []
  const key = (offset: bigint): Key => ({ id, type, offset })
  for await (const item of view.items(key(0n), key(MAX_OFFSET))) found.push(item.key)
  for (const one of found) view.delete(one)
}

/** For ranges of a folder the log has all that is in them: other entries are gone. */
async function dropEntries(
  { view, log, touched }: Pick<Replay, 'view' | 'log' | 'touched'>,
  folder: bigint,
): Promise<void> {
  const range = (offset: bigint): Key => ({ id: folder, type: ITEM.loggedIndexes, offset })
  const index = (offset: bigint): Key => ({ id: folder, type: ITEM.index, offset })
  for await (const { key, data } of log.items(range(0n), range(MAX_OFFSET))) {
    if (data.length < 8) throw damaged(`btrfs: the log of folder ${folder} is cut off`)
    const kept = new Set<string>()
    const [from, to] = [index(key.offset), index(data.readBigUInt64LE(0))]
    for await (const item of log.items(from, to))
      for (const { name } of namedItems(item.data, 'btrfs: the log'))
        kept.add(`${item.key.offset} ${name.toString('latin1')}`)
    const gone: { name: Buffer; target: Key; at: Key }[] = []
    for await (const item of view.items(from, to))
      for (const { name, target } of namedItems(item.data, `btrfs: folder ${folder}`))
        if (!kept.has(`${item.key.offset} ${name.toString('latin1')}`))
          gone.push({ name: Buffer.from(name), target, at: item.key })
    for (const { name, target, at } of gone) {
      await dropName(view, folder, name)
      view.delete(at)
      touched.add(target.id)
    }
  }
}

async function replayEntry({ view, log, touched }: Replay, { key, data }: Item): Promise<void> {
  const [entry] = namedItems(data, `btrfs: the log of folder ${key.id}`)
  if (!entry || !(await hasInode(view, key.id))) return
  const { target, type } = entry
  const name = Buffer.from(entry.name)
  // Logged with the inode as well: its turn comes.
  const isKnown = (await referencesOf(log, target.id)).some(
    (one) => one.folder === key.id && one.name.equals(name),
  )
  const isThere = target.type !== ITEM.inode || (await hasInode(view, target.id))
  const before = await findName(view, key.id, name)
  if (!isThere) return
  if (before && before.target.id !== target.id) {
    touched.add(before.target.id)
    await dropName(view, key.id, name)
  }
  if (isKnown) return
  await dropName(view, key.id, name)
  await addName(view, { folder: key.id, index: key.offset, name, target, type })
  touched.add(target.id)
}

async function replayReferences({ view, touched }: Replay, item: Item): Promise<void> {
  const inode = item.key.id
  const data = await view.find(inodeKey(inode))
  if (!data) return
  touched.add(inode)
  const wanted = parseReferences(item)
  const folders = new Set(wanted.map(({ folder }) => folder))
  for (const one of await referencesOf(view, inode)) {
    const isWanted = wanted.some(
      ({ folder, index, name }) =>
        folder === one.folder && index === one.index && name.equals(one.name),
    )
    // Long references of other folders may share an item by chance of their hash: they stay.
    if (isWanted || !folders.has(one.folder) || item.key.type !== ITEM.inodeReference) continue
    await dropName(view, one.folder, one.name)
    await dropReference(view, inode, one.folder, one.name)
  }
  const target = inodeKey(inode)
  const type = entryType(data.readUInt32LE(52))
  for (const { folder, index, name } of wanted) {
    // The root of a subvolume has itself as its folder, under the name `..`.
    if (folder === inode || !(await hasInode(view, folder))) continue
    const before = await findName(view, folder, name)
    if (before) {
      touched.add(before.target.id)
      await dropName(view, folder, name)
    }
    await addName(view, { folder, index, name, target, type })
  }
}

async function replayExtent({ view, sectorBytes }: Replay, item: Item): Promise<void> {
  if (!(await hasInode(view, item.key.id))) return
  const end = extentEnd(item, sectorBytes)
  await dropExtents(view, item.key.id, [item.key.offset, end], sectorBytes)
  view.set(item.key, item.data)
}

async function countLinks(view: Overlay, inode: bigint): Promise<void> {
  const data = await view.find(inodeKey(inode))
  if (!data || data.length < INODE_BYTES || data.readUInt32LE(52) >>> 12 === FOLDER) return
  const copy = Buffer.from(data)
  copy.writeUInt32LE((await referencesOf(view, inode)).length, 40)
  view.set(inodeKey(inode), copy)
}
