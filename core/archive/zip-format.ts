import { isUtf8 } from 'node:buffer'
import type { FileHead } from './file-sink.ts'

/*
 * The records of a zip as APPNOTE 6.3 has them, with what Unix adds: modes and links in the external
 * attributes, times to the second (0x5455), owners (0x7875). Sizes above 4 GiB in zip64 fields.
 */

export interface ZipEntry {
  /** As it is written; a folder's ends in '/'. */
  readonly name: Buffer
  readonly head: FileHead
  /** Its sizes follow the content instead of being in front of it. */
  readonly isStreamed: boolean
  /** Its sizes may need more than 32 bits. */
  readonly isLarge: boolean
  readonly offset: number
}

export interface Sums {
  readonly crc: number
  readonly packedBytes: number
  readonly plainBytes: number
}

const LIMIT = 0xffffffff
const FOUND_LATER: Sums = { crc: 0, packedBytes: 0, plainBytes: 0 }

const STORED = 0
const DEFLATED = 8
/** Sizes follow; names are UTF-8. */
const FLAG_STREAMED = 0x0008
const FLAG_UTF8 = 0x0800
const VERSION_PLAIN = 20
const VERSION_LARGE = 45
const MADE_BY_UNIX = 3 << 8

export function localHeader(entry: ZipEntry, sums = FOUND_LATER): Buffer {
  const { name, isLarge } = entry
  const extra = Buffer.concat([
    ...(isLarge ? [extraField(1, wide([0, 0]))] : []), // what follows the content counts
    ...unixFields(entry.head),
  ])
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  writeCommon(header, 4, entry)
  header.writeUInt32LE(sums.crc, 14)
  header.writeUInt32LE(isLarge ? LIMIT : sums.packedBytes, 18)
  header.writeUInt32LE(isLarge ? LIMIT : sums.plainBytes, 22)
  header.writeUInt16LE(name.length, 26)
  header.writeUInt16LE(extra.length, 28)
  return Buffer.concat([header, name, extra])
}

export function dataDescriptor({ isLarge }: ZipEntry, sums: Sums): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32LE(0x08074b50, 0)
  head.writeUInt32LE(sums.crc, 4)
  const sizes = [sums.packedBytes, sums.plainBytes]
  if (isLarge) return Buffer.concat([head, wide(sizes)])
  const narrow = Buffer.alloc(8)
  sizes.forEach((size, at) => narrow.writeUInt32LE(size, at * 4))
  return Buffer.concat([head, narrow])
}

export function centralHeader(entry: ZipEntry, { crc, packedBytes, plainBytes }: Sums): Buffer {
  const { name, head, offset } = entry
  // In this order, and only those that do not fit.
  const large = [plainBytes, packedBytes, offset].filter((value) => value >= LIMIT)
  const extra = Buffer.concat([
    ...(large.length > 0 ? [extraField(1, wide(large))] : []),
    ...unixFields(head),
  ])
  const header = Buffer.alloc(46)
  header.writeUInt32LE(0x02014b50, 0)
  header.writeUInt16LE(MADE_BY_UNIX | VERSION_LARGE, 4)
  writeCommon(header, 6, { ...entry, isLarge: entry.isLarge || large.length > 0 })
  header.writeUInt32LE(crc, 16)
  header.writeUInt32LE(Math.min(packedBytes, LIMIT), 20)
  header.writeUInt32LE(Math.min(plainBytes, LIMIT), 24)
  header.writeUInt16LE(name.length, 28)
  header.writeUInt16LE(extra.length, 30)
  header.writeUInt32LE(externalAttributes(head), 38)
  header.writeUInt32LE(Math.min(offset, LIMIT), 42)
  return Buffer.concat([header, name, extra])
}

export function endRecords(entries: number, offset: number, length: number): Buffer {
  const isLarge = entries >= 0xffff || offset >= LIMIT || length >= LIMIT
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(Math.min(entries, 0xffff), 8)
  end.writeUInt16LE(Math.min(entries, 0xffff), 10)
  end.writeUInt32LE(Math.min(length, LIMIT), 12)
  end.writeUInt32LE(Math.min(offset, LIMIT), 16)
  return isLarge ? Buffer.concat([largeEnd(entries, offset, length), end]) : end
}

function largeEnd(entries: number, offset: number, length: number): Buffer {
  const record = Buffer.alloc(24)
  record.writeUInt32LE(0x06064b50, 0)
  record.writeBigUInt64LE(44n, 4) // of what follows
  record.writeUInt16LE(MADE_BY_UNIX | VERSION_LARGE, 12)
  record.writeUInt16LE(VERSION_LARGE, 14)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(BigInt(offset + length), 8)
  locator.writeUInt32LE(1, 16)
  return Buffer.concat([record, wide([entries, entries, length, offset]), locator])
}

/** Version, flags, method, time and date: the same in both headers. */
function writeCommon(header: Buffer, at: number, entry: ZipEntry): void {
  const { name, head, isStreamed, isLarge } = entry
  header.writeUInt16LE(isLarge ? VERSION_LARGE : VERSION_PLAIN, at)
  const flags = (isStreamed ? FLAG_STREAMED : 0) | (isUtf8(name) ? FLAG_UTF8 : 0)
  header.writeUInt16LE(flags, at + 2)
  header.writeUInt16LE(isStreamed ? DEFLATED : STORED, at + 4)
  const { time, date } = dosTime(head.status?.modifiedAt?.seconds ?? 0)
  header.writeUInt16LE(time, at + 6)
  header.writeUInt16LE(date, at + 8)
}

/** 1980 to 2107, two seconds; the exact time is in a field of its own. */
function dosTime(seconds: number): { time: number; date: number } {
  const at = new Date(Math.min(Math.max(seconds, 315_532_800), 4_354_819_198) * 1000)
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1)
  const date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate()
  return { time, date }
}

const TYPE_BITS: Readonly<Record<string, number>> = {
  file: 0o100000,
  folder: 0o040000,
  link: 0o120000,
}

function externalAttributes({ type, status }: FileHead): number {
  const mode = status?.mode ?? (type === 'folder' ? 0o755 : 0o644)
  const unix = (TYPE_BITS[type] ?? 0) | (mode & 0o7777)
  return unix * 0x10000 + (type === 'folder' ? 0x10 : 0)
}

function unixFields({ status }: FileHead): Buffer[] {
  const fields: Buffer[] = []
  const seconds = status?.modifiedAt?.seconds
  if (seconds !== undefined && seconds >= -0x80000000 && seconds <= 0x7fffffff) {
    const body = Buffer.alloc(5)
    body[0] = 1 // the time of modification alone
    body.writeInt32LE(seconds, 1)
    fields.push(extraField(0x5455, body))
  }
  if (status?.owner) {
    const { uid, gid } = status.owner
    const body = Buffer.from([1, 4, 0, 0, 0, 0, 4, 0, 0, 0, 0])
    body.writeUInt32LE(uid, 2)
    body.writeUInt32LE(gid, 7)
    fields.push(extraField(0x7875, body))
  }
  return fields
}

function extraField(id: number, body: Buffer): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt16LE(id, 0)
  head.writeUInt16LE(body.length, 2)
  return Buffer.concat([head, body])
}

function wide(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 8)
  values.forEach((value, at) => bytes.writeBigUInt64LE(BigInt(value), at * 8))
  return bytes
}
