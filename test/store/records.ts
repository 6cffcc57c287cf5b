import { crc32, zstdCompressSync } from 'node:zlib'
import {
  CODEC_PLAIN,
  CODEC_ZSTD,
  RECORD_HEADER_BYTES,
  RECORD_MAGIC,
  RECORD_OFFSETS as AT,
} from '../../core/chunk/record.ts'
import { chunkId } from '../../core/model/chunk-id.ts'
import { ALGORITHM_SHA256, digestOf } from '../../core/model/digest.ts'

/** Bytes that differ at every index and from one seed to the next; half of them compress. */
export function chunkBytes(seed: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  let state = (seed * 2654435761 + 1) >>> 0
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    bytes[at] = at % 64 < 32 ? state >>> 24 : seed & 0xff
  }
  return bytes
}

/** A whole record, as ingest hands it to a pack. */
export function recordOf(chunk: number, plain: Buffer, tryZstd = true): Buffer {
  const frame = tryZstd ? zstdCompressSync(plain) : plain
  const compress = frame.length < plain.length
  const stored = compress ? frame : plain
  const record = Buffer.alloc(RECORD_HEADER_BYTES + stored.length)
  record.writeUInt32LE(RECORD_MAGIC, AT.magic)
  record.writeUInt32LE(stored.length, AT.storedLength)
  record.writeUInt32LE(plain.length, AT.plainLength)
  record[AT.codec] = compress ? CODEC_ZSTD : CODEC_PLAIN
  record[AT.algorithm] = ALGORITHM_SHA256
  record.writeBigUInt64LE(BigInt(chunk), AT.place)
  record.writeUInt32LE(crc32(plain), AT.crc32)
  record.writeUInt32LE(crc32(stored), AT.storedCrc32)
  digestOf(plain).copy(record, AT.digest)
  stored.copy(record, RECORD_HEADER_BYTES)
  return record
}

/** `count` records of differing lengths, compressed and plain in turn, from `firstSegment` on. */
export function recordsOf(firstSegment: number, count: number, bytes = 3000): Buffer[] {
  return Array.from({ length: count }, (_, i) =>
    recordOf(
      chunkId(firstSegment, i),
      chunkBytes(firstSegment + i, bytes - ((i * 7) % 800)),
      i % 3 !== 1,
    ),
  )
}
