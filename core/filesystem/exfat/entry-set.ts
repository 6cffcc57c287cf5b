import { damaged } from '../damaged.ts'
import type { GuestTime } from '../file-system.ts'
import { dosTime } from '../fat/dos-time.ts'
import { fromUtf16 } from '../utf16.ts'
import { readWide } from '../wide-number.ts'

export const ENTRY_BYTES = 32
export const FILE = 0x85
export const STREAM = 0xc0
const NAME = 0xc1
const UNITS_PER_ENTRY = 15

/** Where a file's content is, from its stream entry. */
export interface Content {
  readonly first: number
  readonly sizeBytes: number
  /** Behind it zeros, whatever lies on the disk. */
  readonly validBytes: number
  /** The clusters follow each other and the table says nothing of them. */
  readonly isContiguous: boolean
}

export function contentOf(stream: Buffer): Content {
  const sizeBytes = readWide(stream, 24, 'exfat: the size of a file')
  const validBytes = readWide(stream, 8, 'exfat: the valid size of a file')
  if (validBytes > sizeBytes) throw damaged('exfat: more of a file is valid than there is')
  const isContiguous = (stream.readUInt8(1) & 2) !== 0
  return { first: stream.readUInt32LE(20), sizeBytes, validBytes, isContiguous }
}

export interface Times {
  readonly createdAt: GuestTime
  readonly modifiedAt: GuestTime
  readonly accessedAt: GuestTime
}

export function timesOf(file: Buffer): Times {
  return {
    createdAt: timeOf(file, 8, 22, file.readUInt8(20)),
    modifiedAt: timeOf(file, 12, 23, file.readUInt8(21)),
    accessedAt: timeOf(file, 16, 24, 0),
  }
}

const QUARTER_HOUR = 15n * 60n * 1_000_000_000n

/** The zone is in quarters of an hour, seven bits with a sign; without it the time counts as UTC. */
function timeOf(file: Buffer, at: number, zoneAt: number, hundredths: number): GuestTime {
  const local = dosTime(file.readUInt16LE(at + 2), file.readUInt16LE(at), hundredths)
  const zone = file.readUInt8(zoneAt)
  if (local === null || (zone & 0x80) === 0) return local
  const quarters = ((zone & 0x7f) ^ 0x40) - 0x40
  return local - BigInt(quarters) * QUARTER_HOUR
}

/** The name in a whole set of entries, whose checksum is verified. `where` names it in an error. */
export function nameOf(set: Buffer, where: string): Buffer {
  if (checksumOf(set) !== set.readUInt16LE(2)) throw damaged(`${where} has a wrong checksum`)
  const length = set.readUInt8(ENTRY_BYTES + 3)
  const parts: Buffer[] = []
  for (let at = 2 * ENTRY_BYTES; at < set.length; at += ENTRY_BYTES) {
    if (set[at] !== NAME) break
    parts.push(set.subarray(at + 2, at + ENTRY_BYTES))
  }
  if (length === 0 || length > parts.length * UNITS_PER_ENTRY)
    throw damaged(`${where} has no whole name`)
  return fromUtf16(Buffer.concat(parts).subarray(0, length * 2))
}

function checksumOf(set: Buffer): number {
  let sum = 0
  for (const [at, byte] of set.entries())
    if (at !== 2 && at !== 3) sum = (((sum & 1) << 15) + (sum >> 1) + byte) & 0xffff
  return sum
}
