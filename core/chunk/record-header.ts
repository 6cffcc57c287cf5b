import { ALGORITHM_SHA256, DIGEST_BYTES } from '../model/digest.ts'
import {
  CODEC_PLAIN,
  CODEC_ZSTD,
  MAX_CHUNK_BYTES,
  RECORD_HEADER_BYTES,
  RECORD_MAGIC,
  RECORD_OFFSETS as AT,
  type Codec,
} from './record.ts'
import { isZero } from './zero-test.ts'

/** The numbers of one record's header. `place` is whatever the side that wrote it meant by it. */
export interface RecordHeader {
  readonly storedLength: number
  readonly plainLength: number
  readonly codec: Codec
  readonly algorithm: number
  readonly keyId: number
  readonly place: number
  readonly crc32: number
  readonly storedCrc32: number
}

const TWO_32 = 2 ** 32

/**
 * The record at `at`, if header and stored bytes lie wholly inside `bytes` and every field is one
 * that this format knows; otherwise what is wrong with it.
 */
export function readRecordHeader(bytes: Buffer, at: number): RecordHeader | string {
  if (at + RECORD_HEADER_BYTES > bytes.length) return 'header is cut off'
  if (bytes.readUInt32LE(at + AT.magic) !== RECORD_MAGIC) return 'no record begins here'
  const storedLength = bytes.readUInt32LE(at + AT.storedLength)
  const plainLength = bytes.readUInt32LE(at + AT.plainLength)
  const codec = bytes.readUInt8(at + AT.codec)
  if (codec !== CODEC_PLAIN && codec !== CODEC_ZSTD) return `unknown codec ${codec}`
  if (plainLength === 0 || plainLength > MAX_CHUNK_BYTES) return `plain length ${plainLength}`
  if (!lengthsAgree(codec, storedLength, plainLength)) return `stored length ${storedLength}`
  if (at + RECORD_HEADER_BYTES + storedLength > bytes.length) return 'stored bytes are cut off'
  const algorithm = bytes.readUInt8(at + AT.algorithm)
  if (algorithm !== ALGORITHM_SHA256) return `unknown digest algorithm ${algorithm}`
  const keyId = bytes.readUInt16LE(at + AT.keyId)
  if (keyId !== 0) return `unknown key ${keyId}`
  if (!isUnused(bytes, at)) return 'bytes that mean nothing are not zero'
  if (bytes.readUInt32LE(at + AT.place + 4) >= 2 ** 21) return 'place is out of range'
  return {
    storedLength,
    plainLength,
    codec,
    algorithm,
    keyId,
    place: readPlace(bytes, at),
    crc32: bytes.readUInt32LE(at + AT.crc32),
    storedCrc32: bytes.readUInt32LE(at + AT.storedCrc32),
  }
}

/** The nonce, which nothing has without a key, and what lies behind it. */
function isUnused(bytes: Buffer, at: number): boolean {
  return isZero(bytes.subarray(at + AT.nonce, at + RECORD_HEADER_BYTES))
}

function lengthsAgree(codec: Codec, storedLength: number, plainLength: number): boolean {
  if (codec === CODEC_PLAIN) return storedLength === plainLength
  return storedLength > 0 && storedLength < plainLength
}

export function readPlace(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at + AT.place + 4) * TWO_32 + bytes.readUInt32LE(at + AT.place)
}

/** Rewrites where a record belongs: nothing that is checked by CRC-32 or digest covers it. */
export function writePlace(bytes: Buffer, at: number, place: number): void {
  bytes.writeUInt32LE(place % TWO_32, at + AT.place)
  bytes.writeUInt32LE(Math.floor(place / TWO_32), at + AT.place + 4)
}

export type NewRecord = Pick<
  RecordHeader,
  'storedLength' | 'plainLength' | 'codec' | 'place' | 'crc32' | 'storedCrc32'
>

/** Writes all 80 bytes; without `digest` its field is left zero, for the server to fill in. */
export function writeRecordHeader(
  bytes: Buffer,
  at: number,
  record: NewRecord,
  digest?: Uint8Array,
): void {
  bytes.fill(0, at, at + RECORD_HEADER_BYTES)
  bytes.writeUInt32LE(RECORD_MAGIC, at + AT.magic)
  bytes.writeUInt32LE(record.storedLength, at + AT.storedLength)
  bytes.writeUInt32LE(record.plainLength, at + AT.plainLength)
  bytes.writeUInt8(record.codec, at + AT.codec)
  bytes.writeUInt8(ALGORITHM_SHA256, at + AT.algorithm)
  writePlace(bytes, at, record.place)
  bytes.writeUInt32LE(record.crc32, at + AT.crc32)
  bytes.writeUInt32LE(record.storedCrc32, at + AT.storedCrc32)
  if (digest) bytes.set(digest, at + AT.digest)
}

export function recordDigest(bytes: Buffer, at: number): Buffer {
  return bytes.subarray(at + AT.digest, at + AT.digest + DIGEST_BYTES)
}

/** The stored bytes of the record at `at`: a view. */
export function recordBody(bytes: Buffer, at: number, storedLength: number): Buffer {
  return bytes.subarray(at + RECORD_HEADER_BYTES, at + RECORD_HEADER_BYTES + storedLength)
}
