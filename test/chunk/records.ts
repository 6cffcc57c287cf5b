import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { compressBound, openCodec } from '../../core/chunk/codec.ts'
import type { ExpectedRecords } from '../../core/chunk/expected.ts'
import { CODEC_PLAIN, CODEC_ZSTD, RECORD_HEADER_BYTES } from '../../core/chunk/record.ts'
import { recordDigest, writeRecordHeader } from '../../core/chunk/record-header.ts'
import { recordsOf } from '../../core/chunk/record-list.ts'
import { digestOf } from '../../core/model/digest.ts'

/** Compressible bytes that differ by seed and at every index. */
export function pattern(seed: number, length: number): Buffer {
  const words = createHash('sha256').update(`pattern ${seed}`).digest()
  return Buffer.from(
    Uint8Array.from({ length }, (_, i) => ((words[i % 32] ?? 0) + (i >> 6) + (i & 7)) & 0xff),
  )
}

/** Bytes that do not compress. */
export function noise(seed: number, length: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) =>
    createHash('sha256').update(`noise ${seed} ${i}`).digest(),
  )
  return Buffer.concat(blocks, length)
}

const codec = openCodec()

/** One wire record; with `digest` as a sender that compared gives it. */
export function record(place: number, plain: Buffer, digest?: Buffer): Buffer {
  const room = Buffer.alloc(RECORD_HEADER_BYTES + compressBound(plain.length))
  const body = room.subarray(RECORD_HEADER_BYTES)
  const compressed = codec.compress(plain, body, 1)
  if (compressed === 0) plain.copy(body)
  const storedLength = compressed === 0 ? plain.length : compressed
  const stored = body.subarray(0, storedLength)
  const header = {
    storedLength,
    plainLength: plain.length,
    codec: compressed === 0 ? CODEC_PLAIN : CODEC_ZSTD,
    place,
    crc32: crc32(plain),
    storedCrc32: crc32(stored),
  } as const
  writeRecordHeader(room, 0, header, digest)
  return room.subarray(0, RECORD_HEADER_BYTES + storedLength)
}

/** A record as it lies in a pack. */
export function packRecord(chunk: number, plain: Buffer): Buffer {
  return record(chunk, plain, digestOf(plain))
}

/** What a catalog would say of these records, read from their own headers. */
export function expectedOf(region: Buffer): ExpectedRecords {
  const records = [...recordsOf(region)]
  return {
    offsets: Uint32Array.from(records, (r) => r.offset),
    chunks: Float64Array.from(records, (r) => r.place),
    storedLengths: Uint32Array.from(records, (r) => r.storedLength),
    plainLengths: Uint32Array.from(records, (r) => r.plainLength),
    codecs: Uint8Array.from(records, (r) => r.codec),
    digests: Buffer.concat(records.map((r) => Buffer.from(recordDigest(region, r.offset)))),
  }
}
