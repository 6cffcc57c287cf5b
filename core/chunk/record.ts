import type { ChunkIndex } from '../model/geometry.ts'

/**
 * One chunk as it travels and as it lies in a pack: a header of 80 bytes, then the stored bytes.
 * The same bytes serve on the wire and in the pack; only `place` and `digest` are filled in anew.
 *
 *   0 u32 magic "HFr1"      24 u32 CRC-32 of the plain bytes
 *   4 u32 stored length     28 u32 CRC-32 of the stored bytes
 *   8 u32 plain length      32 32 bytes digest (all zero on the wire where the sender hashed nothing)
 *  12 u8  codec             64 12 bytes nonce (0: not encrypted)
 *  13 u8  digest algorithm  76 u32 0
 *  14 u16 key id (0: none)
 *  16 u64 place: on the wire disk ordinal << 44 | chunk index, in a pack the chunk id
 *
 * All integers are little-endian.
 */
export const RECORD_HEADER_BYTES = 80
export const RECORD_MAGIC = 0x31724648

/** Largest chunk: a record of it, stored plain, still leaves room in a frame of 1 MiB. */
export const MAX_CHUNK_BYTES = 512 * 1024

export const CODEC_PLAIN = 0
export const CODEC_ZSTD = 1
export type Codec = typeof CODEC_PLAIN | typeof CODEC_ZSTD

export const RECORD_OFFSETS = {
  magic: 0,
  storedLength: 4,
  plainLength: 8,
  codec: 12,
  algorithm: 13,
  keyId: 14,
  place: 16,
  crc32: 24,
  storedCrc32: 28,
  digest: 32,
  nonce: 64,
} as const

const ORDINAL_FACTOR = 2 ** 44 // chunk indexes below; 256 disks stay exact in a number

/** Where a chunk belongs in a transfer, as one exact number. */
export function encodePlace(ordinal: number, index: ChunkIndex): number {
  return ordinal * ORDINAL_FACTOR + index
}

export function decodePlace(place: number): { ordinal: number; index: ChunkIndex } {
  return { ordinal: Math.floor(place / ORDINAL_FACTOR), index: place % ORDINAL_FACTOR }
}
