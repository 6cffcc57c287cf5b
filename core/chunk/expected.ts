import { crc32 } from 'node:zlib'
import { DIGEST_BYTES, digestOf } from '../model/digest.ts'
import type { ChunkCodec } from './codec.ts'
import { CODEC_PLAIN, MAX_CHUNK_BYTES, RECORD_HEADER_BYTES, RECORD_OFFSETS } from './record.ts'
import { readRecordHeader, recordBody, recordDigest, type RecordHeader } from './record-header.ts'

/** What the catalog says lies in a region of a pack; one entry a record, rising by offset. */
export interface ExpectedRecords {
  /** Where each record begins, from the region's first byte on. */
  readonly offsets: Uint32Array
  /** Chunk ids: the `place` of a record in a pack. */
  readonly chunks: Float64Array
  readonly storedLengths: Uint32Array
  readonly plainLengths: Uint32Array
  readonly codecs: Uint8Array
  /** 32 bytes each. */
  readonly digests: Uint8Array
}

/** A record that is not what the catalog says. */
export interface DamagedRecord {
  /** Its position in the `ExpectedRecords`. */
  readonly index: number
  readonly reason: string
}

export function expectedBytes(expected: ExpectedRecords, index: number): number {
  return RECORD_HEADER_BYTES + (expected.storedLengths[index] ?? 0)
}

/**
 * Is record `index` of the region, as far as can be told without decompressing, what the catalog
 * says: header, digest in the header, CRC-32 of the stored bytes? Gives the reason if not.
 */
export function storedDamage(
  region: Buffer,
  expected: ExpectedRecords,
  index: number,
): string | undefined {
  const at = expected.offsets[index] ?? region.length
  const header = readRecordHeader(region, at)
  if (typeof header === 'string') return header
  const difference = headerDifference(header, expected, index)
  if (difference !== undefined) return difference
  if (!recordDigest(region, at).equals(expectedDigest(expected, index))) return 'another digest'
  if (crc32(recordBody(region, at, header.storedLength)) !== header.storedCrc32)
    return 'stored bytes do not match their CRC-32'
  return undefined
}

function headerDifference(
  header: RecordHeader,
  expected: ExpectedRecords,
  index: number,
): string | undefined {
  if (header.place !== expected.chunks[index]) return `holds chunk ${header.place}`
  if (header.storedLength !== expected.storedLengths[index]) return 'another stored length'
  if (header.plainLength !== expected.plainLengths[index]) return 'another plain length'
  if (header.codec !== expected.codecs[index]) return 'another codec'
  return undefined
}

export function expectedDigest(expected: ExpectedRecords, index: number): Uint8Array {
  return expected.digests.subarray(index * DIGEST_BYTES, (index + 1) * DIGEST_BYTES)
}

const scratch = Buffer.allocUnsafeSlow(MAX_CHUNK_BYTES)

/**
 * The same down to the plain bytes: decompressed and hashed against the catalog's digest. With
 * `into`, which is as long as the plain bytes, they are there afterwards, proven when undefined is
 * returned.
 */
export function plainDamage(
  region: Buffer,
  expected: ExpectedRecords,
  index: number,
  codec: ChunkCodec,
  into?: Buffer,
): string | undefined {
  const damage = storedDamage(region, expected, index)
  if (damage !== undefined) return damage
  const at = expected.offsets[index] ?? 0
  const body = recordBody(region, at, expected.storedLengths[index] ?? 0)
  const kind = expected.codecs[index] ?? CODEC_PLAIN
  try {
    const room = into ?? scratch.subarray(0, expected.plainLengths[index] ?? 0)
    const plain = openBody(body, kind, room, codec)
    if (into && plain !== into) into.set(plain)
    if (!digestOf(plain).equals(expectedDigest(expected, index)))
      return 'plain bytes do not match their digest'
    const crc = region.readUInt32LE(at + RECORD_OFFSETS.crc32)
    return crc32(plain) === crc ? undefined : 'plain bytes do not match their CRC-32'
  } catch (error) {
    return `does not decompress: ${String(error)}`
  }
}

function openBody(body: Buffer, kind: number, room: Buffer, codec: ChunkCodec): Buffer {
  if (kind === CODEC_PLAIN) return body
  codec.decompress(body, room)
  return room
}
