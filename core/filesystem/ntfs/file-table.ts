import type { ByteReader } from '../byte-reader.ts'
import { damaged } from '../damaged.ts'
import type { GuestFile } from '../file-system.ts'
import { readChecked } from '../mapped-file.ts'
import { MAX_LIST_BYTES, parseAttributeList } from './attribute-list.ts'
import type { NtfsGeometry } from './boot-sector.ts'
import { openAttribute } from './content.ts'
import { ATTRIBUTE, parseRecord, type AttributePart, type FileRecord } from './record.ts'
import type { LazyPart } from './run-map.ts'
import { spanOf } from './runs.ts'

/** The file table ($MFT): all files of the volume by number. It is a file of itself. */
export class FileTable {
  readonly disk: ByteReader
  readonly geometry: NtfsGeometry
  #content: GuestFile

  constructor(disk: ByteReader, geometry: NtfsGeometry, content: GuestFile) {
    this.disk = disk
    this.geometry = geometry
    this.#content = content
  }

  async record(number: number): Promise<FileRecord> {
    const { recordBytes } = this.geometry
    const offset = number * recordBytes
    if (!(offset + recordBytes <= this.#content.sizeBytes))
      throw damaged(`ntfs: there is no record ${number}`)
    return parseRecord(await this.#content.read(offset, recordBytes), number)
  }

  /** A part of an attribute that another record than the file's first one has. */
  async listedPart(
    base: number,
    wanted: { type: number; name: Buffer; first: number; record: number },
  ): Promise<AttributePart> {
    const record = await this.record(wanted.record)
    const isOurs = wanted.record === base || (record.isInUse && record.base === base)
    const part = isOurs ? record.attributes.find((found) => matches(found, wanted)) : undefined
    if (!part) throw damaged(`ntfs: record ${wanted.record} has no part of file ${base}`)
    return part
  }

  use(content: GuestFile): void {
    this.#content = content
  }
}

function matches(
  part: AttributePart,
  wanted: { type: number; name: Buffer; first: number },
): boolean {
  if (part.type !== wanted.type || !part.name.equals(wanted.name)) return false
  return part.isResident ? wanted.first === 0 : spanOf(part).first === wanted.first
}

/** Starts from the table's own record, or from that record's copy in the mirror. */
export async function openFileTable(disk: ByteReader, geometry: NtfsGeometry): Promise<FileTable> {
  const { tableOffset, mirrorOffset, recordBytes } = geometry
  const own = await readOwnRecord(disk, tableOffset, recordBytes).catch(() =>
    readOwnRecord(disk, mirrorOffset, recordBytes),
  )
  const held = own.attributes.filter((part) => part.type === ATTRIBUTE.data && isUnnamed(part))
  if (held.length !== 1 || held[0]?.isResident !== false)
    throw damaged('ntfs: the file table does not say where it lies')
  const parts = held.map(lazy)
  const table = new FileTable(disk, geometry, await openAttribute(disk, geometry, parts))
  const list = own.attributes.find((part) => part.type === ATTRIBUTE.list)
  if (!list) return table
  // Each further part is in a record that the parts before it cover.
  for (const wanted of await readList(table, list)) {
    if (wanted.type !== ATTRIBUTE.data || wanted.name.length > 0 || wanted.first === 0) continue
    parts.push(lazy(await table.listedPart(0, wanted)))
    table.use(await openAttribute(disk, geometry, parts))
  }
  return table
}

async function readOwnRecord(disk: ByteReader, offset: number, length: number) {
  return parseRecord(await readChecked(disk, offset, length), 0)
}

function isUnnamed(part: AttributePart): boolean {
  return part.name.length === 0
}

export function lazy(part: AttributePart): LazyPart {
  return { first: part.isResident ? 0 : spanOf(part).first, load: () => Promise.resolve(part) }
}

export async function readList(table: FileTable, list: AttributePart) {
  const content = await openAttribute(table.disk, table.geometry, [lazy(list)])
  if (content.sizeBytes > MAX_LIST_BYTES)
    throw damaged(`ntfs: a list of attributes has ${content.sizeBytes} bytes`)
  return parseAttributeList(await content.read(0, content.sizeBytes))
}
