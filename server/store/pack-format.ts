import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { RECORD_HEADER_BYTES, RECORD_MAGIC, RECORD_OFFSETS as AT } from '../../core/chunk/record.ts'
import type { ChunkId, SegmentId } from '../../core/model/chunk-id.ts'
import { DIGEST_BYTES } from '../../core/model/digest.ts'
import { PAGE_CHUNKS } from '../../core/model/geometry.ts'

/**
 * A pack: header (128 bytes), records back to back, footer (60 bytes a record), trailer (56 bytes).
 * Every byte is covered: record bodies by digest and CRC, record headers by a CRC in the footer,
 * header and footer by the trailer's SHA-256, the trailer by what it must agree with. Integers are
 * little-endian. docs/store-format.md has it byte by byte.
 */
export const PACK_FORMAT = 1
export const PACK_HEADER_BYTES = 128
export const PACK_ENTRY_BYTES = 60
export const PACK_TRAILER_BYTES = 56
export const MAX_PACK_BYTES = 64 * 1024 * 1024
export const MAX_PACK_RECORDS = 64 * PAGE_CHUNKS

const HEADER_MAGIC = Buffer.from('HFpack1\n')
const TRAILER_MAGIC = Buffer.from('HFtrail1')
const STORE_ID_BYTES = 32
const PACK_NAME_BYTES = 64

export interface PackHeader {
  readonly format: number
  readonly storeId: string
  readonly name: string
  readonly firstSegment: SegmentId
  readonly generation: number
}

/** One record as the footer lists it. `offset` is that of its header. */
export interface PackEntry {
  readonly chunk: ChunkId
  readonly offset: number
  readonly storedLength: number
  readonly plainLength: number
  readonly codec: number
  readonly algorithm: number
  readonly keyId: number
  readonly headerCrc32: number
  readonly digest: Buffer
}

export function encodePackHeader(header: PackHeader): Buffer {
  const out = Buffer.alloc(PACK_HEADER_BYTES)
  HEADER_MAGIC.copy(out, 0)
  out.writeUInt32LE(header.format, 8)
  out.writeUInt32LE(PACK_HEADER_BYTES, 12)
  out.writeBigUInt64LE(BigInt(header.firstSegment), 16)
  out.writeBigUInt64LE(BigInt(header.generation), 24)
  writeText(out, 32, STORE_ID_BYTES, header.storeId)
  writeText(out, 64, PACK_NAME_BYTES, header.name)
  return out
}

/** Undefined when the bytes are no header of a pack. */
export function decodePackHeader(bytes: Buffer): PackHeader | undefined {
  if (bytes.length < PACK_HEADER_BYTES || !bytes.subarray(0, 8).equals(HEADER_MAGIC)) return
  if (bytes.readUInt32LE(12) !== PACK_HEADER_BYTES) return
  return {
    format: bytes.readUInt32LE(8),
    firstSegment: Number(bytes.readBigUInt64LE(16)),
    generation: Number(bytes.readBigUInt64LE(24)),
    storeId: readText(bytes, 32, STORE_ID_BYTES),
    name: readText(bytes, 64, PACK_NAME_BYTES),
  }
}

function writeText(out: Buffer, at: number, room: number, text: string): void {
  if (Buffer.byteLength(text) >= room) throw new RangeError(`too long for a pack header: ${text}`)
  out.write(text, at, 'utf8')
}

function readText(bytes: Buffer, at: number, room: number): string {
  const field = bytes.subarray(at, at + room)
  const end = field.indexOf(0)
  return field.toString('utf8', 0, end < 0 ? room : end)
}

/** The entry that a record's own header says, or what is wrong with the header. */
export function entryOfRecord(header: Buffer, offset: number): PackEntry | { damage: string } {
  if (header.readUInt32LE(AT.magic) !== RECORD_MAGIC) return { damage: 'no record begins here' }
  const storedLength = header.readUInt32LE(AT.storedLength)
  if (storedLength > MAX_PACK_BYTES) return { damage: 'stored length beyond any pack' }
  return {
    chunk: Number(header.readBigUInt64LE(AT.place)),
    offset,
    storedLength,
    plainLength: header.readUInt32LE(AT.plainLength),
    codec: header[AT.codec] ?? 0,
    algorithm: header[AT.algorithm] ?? 0,
    keyId: header.readUInt16LE(AT.keyId),
    headerCrc32: crc32(header.subarray(0, RECORD_HEADER_BYTES)),
    digest: Buffer.from(header.subarray(AT.digest, AT.digest + DIGEST_BYTES)),
  }
}

/** Appends the footer entry of a record to `into` at `at`, straight from the record's header. */
export function writeEntry(into: Buffer, at: number, header: Buffer, offset: number): void {
  header.copy(into, at, AT.place, AT.place + 8)
  into.writeUInt32LE(offset, at + 8)
  header.copy(into, at + 12, AT.storedLength, AT.storedLength + 12) // lengths, codec … key id
  into.writeUInt32LE(crc32(header.subarray(0, RECORD_HEADER_BYTES)), at + 24)
  header.copy(into, at + 28, AT.digest, AT.digest + DIGEST_BYTES)
}

export function decodeFooter(footer: Buffer): PackEntry[] {
  const entries: PackEntry[] = []
  for (let at = 0; at < footer.length; at += PACK_ENTRY_BYTES)
    entries.push({
      chunk: Number(footer.readBigUInt64LE(at)),
      offset: footer.readUInt32LE(at + 8),
      storedLength: footer.readUInt32LE(at + 12),
      plainLength: footer.readUInt32LE(at + 16),
      codec: footer[at + 20] ?? 0,
      algorithm: footer[at + 21] ?? 0,
      keyId: footer.readUInt16LE(at + 22),
      headerCrc32: footer.readUInt32LE(at + 24),
      digest: footer.subarray(at + 28, at + PACK_ENTRY_BYTES),
    })
  return entries
}

export interface PackTrailer {
  readonly footerOffset: number
  readonly records: number
  readonly digest: Buffer
}

export function encodeTrailer(header: Buffer, footer: Buffer, footerOffset: number): Buffer {
  const out = Buffer.alloc(PACK_TRAILER_BYTES)
  out.writeBigUInt64LE(BigInt(footerOffset), 0)
  out.writeUInt32LE(footer.length / PACK_ENTRY_BYTES, 8)
  trailerDigest(header, footer).copy(out, 16)
  TRAILER_MAGIC.copy(out, PACK_TRAILER_BYTES - TRAILER_MAGIC.length)
  return out
}

/** Undefined when the last bytes of the file are no trailer. */
export function decodeTrailer(bytes: Buffer): PackTrailer | undefined {
  const magicAt = PACK_TRAILER_BYTES - TRAILER_MAGIC.length
  if (bytes.length !== PACK_TRAILER_BYTES || !bytes.subarray(magicAt).equals(TRAILER_MAGIC)) return
  if (bytes.readUInt32LE(12) !== 0) return // reserved
  return {
    footerOffset: Number(bytes.readBigUInt64LE(0)),
    records: bytes.readUInt32LE(8),
    digest: bytes.subarray(16, 48),
  }
}

export function trailerDigest(header: Buffer, footer: Buffer): Buffer {
  return createHash('sha256').update(header).update(footer).digest()
}
