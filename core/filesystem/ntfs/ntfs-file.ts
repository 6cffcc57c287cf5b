import type { ByteReader } from '../byte-reader.ts'
import { damaged } from '../damaged.ts'
import type { GuestFile } from '../file-system.ts'
import { openAttribute } from './content.ts'
import { lazy, readList, type FileTable } from './file-table.ts'
import { ATTRIBUTE, type FileRecord } from './record.ts'
import type { LazyPart } from './run-map.ts'

/** A part of an attribute of a file, whichever record it is in. */
interface FilePart extends LazyPart {
  readonly type: number
  readonly name: Buffer
}

const MAX_VALUE_BYTES = 256 * 1024
const UNNAMED = Buffer.alloc(0)

/** A file with all its attributes, those in further records read when they are asked for. */
export class NtfsFile {
  readonly record: FileRecord
  readonly #table: FileTable
  readonly #parts: readonly FilePart[]

  constructor(table: FileTable, record: FileRecord, parts: readonly FilePart[]) {
    this.#table = table
    this.record = record
    this.#parts = parts
  }

  has(type: number): boolean {
    return this.#parts.some((part) => part.type === type)
  }

  /** The parts of one attribute in order; none where the file has no such attribute. */
  parts(type: number, name: Buffer = UNNAMED): readonly LazyPart[] {
    return this.#parts
      .filter((part) => part.type === type && part.name.equals(name))
      .sort((a, b) => a.first - b.first)
  }

  /** All that are of one type: the names of a file, its streams. */
  each(type: number): readonly FilePart[] {
    return this.#parts.filter((part) => part.type === type && part.first === 0)
  }

  open(disk: ByteReader, type: number, name: Buffer = UNNAMED): Promise<GuestFile> {
    return openAttribute(disk, this.#table.geometry, this.parts(type, name))
  }

  /** A whole small attribute; undefined where there is none. */
  async value(type: number, name: Buffer = UNNAMED): Promise<Buffer | undefined> {
    if (this.parts(type, name).length === 0) return undefined
    const content = await this.open(this.#table.disk, type, name)
    if (content.sizeBytes > MAX_VALUE_BYTES)
      throw damaged(`ntfs: record ${this.record.number}: attribute ${type} is too large`)
    return content.read(0, content.sizeBytes)
  }
}

export async function readFile(table: FileTable, number: number): Promise<NtfsFile> {
  const record = await table.record(number)
  if (!record.isInUse || record.base !== 0) throw damaged(`ntfs: record ${number} is no file`)
  const list = record.attributes.find((part) => part.type === ATTRIBUTE.list)
  if (!list) {
    const parts = record.attributes.map((part) => ({ ...part, ...lazy(part) }))
    return new NtfsFile(table, record, parts)
  }
  const parts = (await readList(table, list)).map((listed) => ({
    type: listed.type,
    name: listed.name,
    first: listed.first,
    load: () => table.listedPart(number, listed),
  }))
  return new NtfsFile(table, record, parts)
}
