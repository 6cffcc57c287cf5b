import { damaged } from '../damaged.ts'
import { fromUtf16 } from '../utf16.ts'
import { fixedUp } from './fixup.ts'

/** A file's number in the table and how often that number has been given anew. */
export interface FileReference {
  readonly record: number
  readonly sequence: number
}

export function readReference(buffer: Buffer, at: number): FileReference {
  const record = buffer.readUInt32LE(at) + buffer.readUInt16LE(at + 4) * 2 ** 32
  return { record, sequence: buffer.readUInt16LE(at + 6) }
}

export const ATTRIBUTE = {
  information: 0x10,
  list: 0x20,
  fileName: 0x30,
  volumeName: 0x60,
  volumeInformation: 0x70,
  data: 0x80,
  indexRoot: 0x90,
  indexAllocation: 0xa0,
  reparsePoint: 0xc0,
} as const

/** One attribute in one record; large ones are in several, each with a part of the clusters. */
export interface AttributePart {
  readonly type: number
  readonly name: Buffer
  readonly id: number
  readonly flags: number
  readonly isResident: boolean
  /** The attribute from its header on. */
  readonly bytes: Buffer
}

export interface FileRecord {
  readonly number: number
  readonly sequence: number
  /** The last record of the log that changed it. */
  readonly lsn: bigint
  readonly isInUse: boolean
  readonly isFolder: boolean
  /** The record that this one continues; 0 for one that stands for itself. */
  readonly base: number
  readonly attributes: readonly AttributePart[]
}

const IN_USE = 1
const FOLDER = 2
const END = 0xffffffff

export function parseRecord(raw: Buffer, number: number): FileRecord {
  const where = `ntfs: record ${number}`
  const bytes = fixedUp(raw, 'FILE', where)
  const flags = bytes.readUInt16LE(22)
  return {
    number,
    sequence: bytes.readUInt16LE(16),
    lsn: bytes.readBigUInt64LE(8),
    isInUse: (flags & IN_USE) !== 0,
    isFolder: (flags & FOLDER) !== 0,
    base: readReference(bytes, 32).record,
    attributes: parseAttributes(bytes, where),
  }
}

function parseAttributes(bytes: Buffer, where: string): AttributePart[] {
  const attributes: AttributePart[] = []
  const used = Math.min(bytes.readUInt32LE(24), bytes.length)
  for (let at = bytes.readUInt16LE(20); at + 4 <= used;) {
    if (bytes.readUInt32LE(at) === END) return attributes
    const length = at + 16 <= used ? bytes.readUInt32LE(at + 4) : 0
    if (length < 24 || length % 8 !== 0 || at + length > used)
      throw damaged(`${where} has an attribute of ${length} bytes at ${at}`)
    attributes.push(parseAttribute(bytes.subarray(at, at + length), where))
    at += length
  }
  throw damaged(`${where}: the attributes have no end`)
}

function parseAttribute(bytes: Buffer, where: string): AttributePart {
  const isResident = bytes[8] === 0
  const nameAt = bytes.readUInt16LE(10)
  const nameEnd = nameAt + bytes.readUInt8(9) * 2
  if (nameEnd > bytes.length || (!isResident && bytes.length < 64))
    throw damaged(`${where} has an attribute that is too short`)
  return {
    type: bytes.readUInt32LE(0),
    name: fromUtf16(bytes.subarray(nameAt, nameEnd)),
    id: bytes.readUInt16LE(14),
    flags: bytes.readUInt16LE(12),
    isResident,
    bytes,
  }
}

/** The value of an attribute that lies in the record. */
export function residentValue(part: AttributePart): Buffer {
  const length = part.bytes.readUInt32LE(16)
  const at = part.bytes.readUInt16LE(20)
  if (at + length > part.bytes.length)
    throw damaged(`ntfs: an attribute of type ${part.type} is longer than its place`)
  return part.bytes.subarray(at, at + length)
}
