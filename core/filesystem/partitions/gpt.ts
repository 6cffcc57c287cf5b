import { crc32 } from 'node:zlib'
import type { ByteReader } from '../byte-reader.ts'
import { damaged } from '../damaged.ts'
import type { Partition } from './partition.ts'

const SECTOR_SIZES = [512, 4096]
const MAX_TABLE_BYTES = 2 ** 20
const NIL = '00000000-0000-0000-0000-000000000000'

interface Header {
  readonly sectorBytes: number
  readonly tableOffset: number
  readonly entries: number
  readonly entryBytes: number
  readonly tableCrc: number
  readonly firstUsable: number
  readonly lastUsable: number
}

/** From the first header and table or, where those are damaged, from the copies at the end. */
export async function readGpt(disk: ByteReader, warnings: string[]): Promise<Partition[]> {
  for (const sectorBytes of SECTOR_SIZES) {
    const found = await readAt(disk, sectorBytes, 1)
    if (found) return found
  }
  for (const sectorBytes of SECTOR_SIZES) {
    const found = await readAt(disk, sectorBytes, Math.floor(disk.sizeBytes / sectorBytes) - 1)
    if (!found) continue
    warnings.push('the first partition table is damaged; its copy at the end of the disk is used')
    return found
  }
  throw damaged('gpt: both copies of the partition table are damaged')
}

async function readAt(
  disk: ByteReader,
  sectorBytes: number,
  sector: number,
): Promise<Partition[] | undefined> {
  const offset = sector * sectorBytes
  if (sector < 1 || offset + sectorBytes > disk.sizeBytes) return undefined
  const header = parseHeader(await disk.read(offset, sectorBytes), sectorBytes, sector)
  if (!header) return undefined
  const { tableOffset, entries, entryBytes } = header
  const length = entries * entryBytes
  if (tableOffset + length > disk.sizeBytes) return undefined
  const table = await disk.read(tableOffset, length)
  if (crc32(table) !== header.tableCrc) return undefined
  return parseTable(header, table)
}

function parseHeader(bytes: Buffer, sectorBytes: number, sector: number): Header | undefined {
  if (bytes.toString('latin1', 0, 8) !== 'EFI PART') return undefined
  const headerBytes = bytes.readUInt32LE(12)
  if (headerBytes < 92 || headerBytes > bytes.length) return undefined
  const cleared = Buffer.from(bytes.subarray(0, headerBytes))
  cleared.writeUInt32LE(0, 16)
  if (crc32(cleared) !== bytes.readUInt32LE(16)) return undefined
  const header = {
    sectorBytes,
    tableOffset: Number(bytes.readBigUInt64LE(72)) * sectorBytes,
    entries: bytes.readUInt32LE(80),
    entryBytes: bytes.readUInt32LE(84),
    tableCrc: bytes.readUInt32LE(88),
    firstUsable: Number(bytes.readBigUInt64LE(40)),
    lastUsable: Number(bytes.readBigUInt64LE(48)),
  }
  const isSound =
    Number(bytes.readBigUInt64LE(24)) === sector &&
    Number.isSafeInteger(header.tableOffset) &&
    header.tableOffset > 0 &&
    header.entryBytes >= 128 &&
    header.entryBytes % 8 === 0 &&
    header.entries * header.entryBytes <= MAX_TABLE_BYTES
  return isSound ? header : undefined
}

function parseTable(header: Header, table: Buffer): Partition[] {
  const { sectorBytes, entryBytes, firstUsable, lastUsable } = header
  const found: Partition[] = []
  for (let index = 0; index < header.entries; index++) {
    const entry = table.subarray(index * entryBytes, (index + 1) * entryBytes)
    const type = guid(entry)
    if (type === NIL) continue
    const first = Number(entry.readBigUInt64LE(32))
    const last = Number(entry.readBigUInt64LE(40))
    if (first < firstUsable || last > lastUsable || last < first) continue
    found.push({
      number: index + 1,
      offset: first * sectorBytes,
      sizeBytes: (last - first + 1) * sectorBytes,
      type,
      name: entry.toString('utf16le', 56, 128).split('\0')[0] ?? '',
      uuid: guid(entry.subarray(16)),
    })
  }
  return found
}

/** The first three fields are stored little endian. */
function guid(bytes: Buffer): string {
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]
  const text = Buffer.from(order.map((at) => bytes[at]!)).toString('hex')
  return [
    text.slice(0, 8),
    text.slice(8, 12),
    text.slice(12, 16),
    text.slice(16, 20),
    text.slice(20),
  ].join('-')
}
