import type { AllocatedExtent } from '../disk.ts'
import { damaged, safeNumber, type ImageFile } from './image-file.ts'
import { differencing } from './vhd.ts'

/** What the regions and the metadata of a VHDX say. */
export interface VhdxHeader {
  readonly sizeBytes: number
  readonly blockBytes: number
  readonly sectorBytes: number
  readonly tableOffset: number
  readonly tableBytes: number
}

const KIB = 1024
const REGION_TABLES = [192 * KIB, 256 * KIB]
const REGION_BYTES = 64 * KIB
const TABLE = '2dc27766f62342009d64115e9bfd4a08'
const METADATA = '8b7ca20647904b9ab8fe575f050f886e'
const FILE_PARAMETERS = 'caa16737fa364d43b3b633f0aa44e76b'
const DISK_SIZE = '2fa54224cd1b4876b2115dbed83bf4b8'
const SECTOR_SIZE = '8141bf1da96f4709ba47f233a8faab5f'
const PARENT_LOCATOR = 'a8d35f2db30b454dabf7d3d84834ab0c'
const HAS_PARENT = 2
const FULLY_PRESENT = 6
const PARTIALLY_PRESENT = 7

interface Place {
  readonly offset: number
  readonly length: number
}

/** Reads and judges regions and metadata. A differencing disk is refused, naming its parent. */
export async function readVhdx(file: ImageFile): Promise<VhdxHeader> {
  if ((await file.head(8)).toString('latin1') !== 'vhdxfile')
    throw damaged(file.path, 'it has no VHDX signature')
  const regions = await readRegions(file)
  const table = required(file, regions, TABLE, 'block table')
  const items = await readMetadata(file, required(file, regions, METADATA, 'metadata'))
  const parameters = await item(file, items, FILE_PARAMETERS, 8)
  if ((parameters.readUInt32LE(4) & HAS_PARENT) !== 0)
    throw differencing(file.path, await parentPath(file, items))
  const size = (await item(file, items, DISK_SIZE, 8)).readBigUInt64LE(0)
  return {
    sizeBytes: safeNumber(file.path, size, 'size'),
    blockBytes: parameters.readUInt32LE(0),
    sectorBytes: (await item(file, items, SECTOR_SIZE, 4)).readUInt32LE(0),
    tableOffset: table.offset,
    tableBytes: table.length,
  }
}

/** Two copies of the region table; the first whole one counts. */
async function readRegions(file: ImageFile): Promise<Map<string, Place>> {
  for (const offset of REGION_TABLES) {
    const table = await file.bytes(offset, REGION_BYTES)
    const count = table.readUInt32LE(8)
    if (table.toString('latin1', 0, 4) !== 'regi' || count > 2047) continue
    return places(file.path, table, { count, first: 16, offset64: true })
  }
  throw damaged(file.path, 'it has no region table')
}

async function readMetadata(file: ImageFile, region: Place): Promise<Map<string, Place>> {
  const table = await file.bytes(region.offset, REGION_BYTES)
  const count = table.readUInt16LE(10)
  if (table.toString('latin1', 0, 8) !== 'metadata' || count > 1023)
    throw damaged(file.path, 'its metadata table is not whole')
  const items = places(file.path, table, { count, first: 32, offset64: false })
  for (const [name, { offset, length }] of items)
    items.set(name, { offset: region.offset + offset, length })
  return items
}

interface Shape {
  readonly count: number
  readonly first: number
  readonly offset64: boolean
}

/** Both tables are rows of 32 bytes: a GUID, then where its thing lies and how long it is. */
function places(path: string, table: Buffer, shape: Shape): Map<string, Place> {
  const found = new Map<string, Place>()
  for (let index = 0; index < shape.count; index++) {
    const at = shape.first + index * 32
    const offset = shape.offset64
      ? safeNumber(path, table.readBigUInt64LE(at + 16), 'region offset')
      : table.readUInt32LE(at + 16)
    const length = table.readUInt32LE(at + (shape.offset64 ? 24 : 20))
    found.set(guid(table.subarray(at, at + 16)), { offset, length })
  }
  return found
}

/** GUIDs are stored with their first three fields little endian. */
function guid(bytes: Buffer): string {
  const front = [3, 2, 1, 0, 5, 4, 7, 6].map((index) => bytes[index] ?? 0)
  return Buffer.concat([Buffer.from(front), bytes.subarray(8)]).toString('hex')
}

function required(
  file: ImageFile,
  found: ReadonlyMap<string, Place>,
  name: string,
  what: string,
): Place {
  const place = found.get(name)
  if (!place) throw damaged(file.path, `it has no ${what}`)
  return place
}

async function item(
  file: ImageFile,
  items: ReadonlyMap<string, Place>,
  name: string,
  length: number,
): Promise<Buffer> {
  return file.bytes(required(file, items, name, `metadata item ${name}`).offset, length)
}

/** The parent locator is a list of keys and values in UTF-16; some key holds a path. */
async function parentPath(file: ImageFile, items: ReadonlyMap<string, Place>): Promise<string> {
  const place = items.get(PARENT_LOCATOR)
  if (!place || place.length < 20) return ''
  const locator = await file.bytes(place.offset, place.length)
  const text = (offset: number, length: number) =>
    locator.subarray(offset, offset + length).toString('utf16le')
  const values = new Map<string, string>()
  for (
    let at = 20;
    at < 20 + locator.readUInt16LE(18) * 12 && at + 12 <= locator.length;
    at += 12
  ) {
    const key = text(locator.readUInt32LE(at), locator.readUInt16LE(at + 8))
    values.set(key, text(locator.readUInt32LE(at + 4), locator.readUInt16LE(at + 10)))
  }
  const keys = ['absolute_win32_path', 'relative_path', 'volume_path']
  return keys.map((key) => values.get(key)).find(Boolean) ?? ''
}

/**
 * The disk's blocks as the table has them; QEMU reports a whole VHDX as data. Throws where a block
 * leads past the end of the file, which QEMU reads as zeros, without an error.
 */
export async function* vhdxBlocks(
  file: ImageFile,
  header: VhdxHeader,
): AsyncIterable<AllocatedExtent> {
  const { blockBytes, sectorBytes, sizeBytes } = header
  if (blockBytes < 2 ** 20 || blockBytes > 2 ** 28 || (sectorBytes !== 512 && sectorBytes !== 4096))
    throw damaged(file.path, `blocks of ${blockBytes} and sectors of ${sectorBytes} bytes`)
  // After so many blocks stands one entry for a sector bitmap, used only by differencing disks.
  const ratio = (2 ** 23 * sectorBytes) / blockBytes
  const blocks = Math.ceil(sizeBytes / blockBytes)
  const entries = blocks === 0 ? 0 : blocks + Math.floor((blocks - 1) / ratio)
  if (entries * 8 > header.tableBytes)
    throw damaged(file.path, `its table has ${header.tableBytes / 8} entries, not ${entries}`)
  let index = 0
  let offset = 0
  for await (const part of file.table(header.tableOffset, entries * 8, 8)) {
    for (let at = 0; at < part.length; at += 8) {
      if (index++ % (ratio + 1) === ratio) continue
      const length = Math.min(blockBytes, sizeBytes - offset)
      yield { offset, length, zero: !isPresent(file, part.readBigUInt64LE(at), length) }
      offset += length
    }
  }
}

function isPresent(file: ImageFile, entry: bigint, length: number): boolean {
  const state = Number(entry & 7n)
  if (state === PARTIALLY_PRESENT)
    throw damaged(file.path, 'a block needs a parent that is not there')
  if (state !== FULLY_PRESENT) return false
  const offset = Number(entry >> 20n) * 2 ** 20
  if (offset + length > file.sizeBytes)
    throw damaged(file.path, `a block at byte ${offset} leads past its end`)
  return true
}

/** Proves that every block lies inside the file. */
export async function checkVhdx(file: ImageFile, header: VhdxHeader): Promise<void> {
  const blocks = vhdxBlocks(file, header)[Symbol.asyncIterator]()
  while ((await blocks.next()).done !== true);
}
