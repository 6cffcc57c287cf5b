import { damaged } from '../damaged.ts'
import type { GuestType } from '../file-system.ts'
import { requireName } from '../name.ts'
import { ForkMap } from './extents.ts'
import type { Inode } from './inode.ts'
import { hasSoundChecksum } from './superblock.ts'
import type { XfsVolume } from './volume.ts'

export interface FolderEntry {
  readonly name: Buffer
  readonly inode: bigint
  /** Undefined where the folder does not say. */
  readonly type: GuestType | undefined
}

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
/** Behind this there are hashes and free space, not names. */
const NAMES_END_BYTES = 2 ** 35
const UNUSED = 0xffff

/** All names but `.` and `..`. */
export async function* folderEntries(
  volume: XfsVolume,
  folder: Inode,
): AsyncGenerator<FolderEntry> {
  const where = `xfs: folder ${folder.number}`
  const entries =
    folder.data.format === 'local'
      ? shortEntries(folder.data.bytes, volume.geometry.hasTypes, where)
      : blockEntries(volume, folder, where)
  for await (const entry of entries) {
    const text = entry.name.toString('latin1')
    if (text === '.' || text === '..') continue
    requireName(entry.name, where)
    yield entry
  }
}

function* shortEntries(bytes: Buffer, hasTypes: boolean, where: string): Generator<FolderEntry> {
  if (bytes.length < 6) throw damaged(`${where} is too short`)
  const isWide = bytes.readUInt8(1) > 0
  // The second figure only counts the numbers that need eight bytes; then all have them.
  const count = bytes.readUInt8(0)
  const numberBytes = isWide ? 8 : 4
  let at = 2 + numberBytes
  for (let index = 0; index < count; index++) {
    const length = at < bytes.length ? bytes.readUInt8(at) : 0
    const end = at + 3 + length
    const numberAt = end + (hasTypes ? 1 : 0)
    if (length === 0 || numberAt + numberBytes > bytes.length) throw damaged(`${where} is cut off`)
    const name = bytes.subarray(at + 3, end)
    const inode = isWide ? bytes.readBigUInt64BE(numberAt) : BigInt(bytes.readUInt32BE(numberAt))
    yield { name, inode, type: hasTypes ? TYPES[bytes.readUInt8(end)] : undefined }
    at = numberAt + numberBytes
  }
}

async function* blockEntries(
  volume: XfsVolume,
  folder: Inode,
  where: string,
): AsyncGenerator<FolderEntry> {
  const { blockBytes, folderBlockBytes } = volume.geometry
  const map = new ForkMap(volume, folder.data)
  const step = folderBlockBytes / blockBytes
  for (let at = 0; at * blockBytes < NAMES_END_BYTES;) {
    const found = await map.at(at)
    if ('next' in found) {
      at = Math.ceil(found.next / step) * step
      continue
    }
    const block = await readFolderBlock(volume, map, at)
    requireOwner(block, volume, folder)
    yield* entriesOfBlock(block, volume, where)
    at += step
  }
}

/** A block that several folders or places claim could be listed without end. */
function requireOwner(block: Buffer, volume: XfsVolume, folder: Inode): void {
  if (volume.geometry.version === 5 && block.readBigUInt64BE(40) !== folder.number)
    throw damaged(`xfs: folder ${folder.number} has a block of another file`)
}

/** A folder's block may be of several blocks, which need not lie together. */
async function readFolderBlock(volume: XfsVolume, map: ForkMap, first: number): Promise<Buffer> {
  const { blockBytes, folderBlockBytes } = volume.geometry
  const parts: Buffer[] = []
  for (let at = first; at < first + folderBlockBytes / blockBytes; at++) {
    const found = await map.at(at)
    if ('next' in found || found.isUnwritten) throw damaged('xfs: a block of a folder is missing')
    parts.push(await volume.readBlock(found.block + BigInt(at - found.at)))
  }
  return Buffer.concat(parts)
}

function* entriesOfBlock(block: Buffer, volume: XfsVolume, where: string): Generator<FolderEntry> {
  const { version, hasTypes } = volume.geometry
  const magic = block.toString('latin1', 0, 4)
  const isSingle = magic === (version === 5 ? 'XDB3' : 'XD2B')
  if (!isSingle && magic !== (version === 5 ? 'XDD3' : 'XD2D'))
    throw damaged(`${where} has a block that is none of a folder`)
  if (version === 5 && !hasSoundChecksum(block, 4))
    throw damaged(`${where} has a damaged block (checksum)`)
  // A folder of one block has its hashes at the end of it.
  const hashes = isSingle ? block.readUInt32BE(block.length - 8) * 8 + 8 : 0
  const end = block.length - hashes
  for (let at = version === 5 ? 64 : 16; at + 8 <= end;) {
    if (block.readUInt16BE(at) === UNUSED) {
      const length = block.readUInt16BE(at + 2)
      if (length < 8 || length % 8 !== 0) throw damaged(`${where} has a gap of ${length} bytes`)
      at += length
      continue
    }
    const length = block.readUInt8(at + 8)
    const nameEnd = at + 9 + length
    const next = at + Math.ceil((9 + length + (hasTypes ? 1 : 0) + 2) / 8) * 8
    if (length === 0 || next > end) throw damaged(`${where} has a broken entry`)
    const type = hasTypes ? TYPES[block.readUInt8(nameEnd)] : undefined
    yield { name: block.subarray(at + 9, nameEnd), inode: block.readBigUInt64BE(at), type }
    at = next
  }
}
