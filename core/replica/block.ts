import { crc32 } from 'node:zlib'
import type { ChunkIndex } from '../model/geometry.ts'

/**
 * Parts are blocks, back to back. All integers are little-endian.
 *
 *   0 u32 magic "HFm1"     8 u32 bytes of the payload
 *   4 u8  1 records, 2 runs    12 u32 CRC-32 of the payload
 *   5 u8  ordinal of the disk  16 payload
 *   6 u16 0
 *
 * Records are those of the wire. A run is u48 first chunk, u48 count, u32 kind (0 zeros, 3 unreadable).
 * Runs come ahead of the records between them; at the end of a part nothing is missing below a chunk.
 */
const MAGIC = 0x316d4648
const HEADER_BYTES = 16
const RUN_BYTES = 16
const RECORDS = 1
const RUNS = 2

export interface MediaRun {
  readonly kind: 'ZERO' | 'UNREADABLE'
  readonly start: ChunkIndex
  readonly count: number
}

export type MediaBlock =
  | { readonly ordinal: number; readonly records: Buffer }
  | { readonly ordinal: number; readonly runs: readonly MediaRun[] }

export function encodeBlock(block: MediaBlock): Buffer[] {
  const payload = 'records' in block ? block.records : encodeRuns(block.runs)
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUInt32LE(MAGIC, 0)
  header.writeUInt8('records' in block ? RECORDS : RUNS, 4)
  header.writeUInt8(block.ordinal, 5)
  header.writeUInt32LE(payload.length, 8)
  header.writeUInt32LE(crc32(payload), 12)
  return [header, payload]
}

/** Records are views of `part`. Throws a RangeError where `part` is not made of whole blocks. */
export function* decodeBlocks(part: Buffer): Generator<MediaBlock> {
  for (let at = 0; at < part.length;) {
    if (at + HEADER_BYTES > part.length) throw new RangeError(`byte ${at}: a block is cut off`)
    if (part.readUInt32LE(at) !== MAGIC) throw new RangeError(`byte ${at}: no block begins here`)
    const end = at + HEADER_BYTES + part.readUInt32LE(at + 8)
    if (end > part.length) throw new RangeError(`byte ${at}: a block is cut off`)
    const payload = part.subarray(at + HEADER_BYTES, end)
    if (crc32(payload) !== part.readUInt32LE(at + 12))
      throw new RangeError(`byte ${at}: a block is not as it was written`)
    yield decodeBlock(part.readUInt8(at + 4), part.readUInt8(at + 5), payload, at)
    at = end
  }
}

function decodeBlock(kind: number, ordinal: number, payload: Buffer, at: number): MediaBlock {
  if (kind === RECORDS) return { ordinal, records: payload }
  if (kind === RUNS && payload.length % RUN_BYTES === 0)
    return { ordinal, runs: decodeRuns(payload) }
  throw new RangeError(`byte ${at}: a block of an unknown kind`)
}

const KINDS: Readonly<Record<MediaRun['kind'], number>> = { ZERO: 0, UNREADABLE: 3 }

function encodeRuns(runs: readonly MediaRun[]): Buffer {
  const bytes = Buffer.alloc(runs.length * RUN_BYTES)
  for (const [i, { start, count, kind }] of runs.entries()) {
    bytes.writeUIntLE(start, i * RUN_BYTES, 6)
    bytes.writeUIntLE(count, i * RUN_BYTES + 6, 6)
    bytes.writeUInt32LE(KINDS[kind], i * RUN_BYTES + 12)
  }
  return bytes
}

function decodeRuns(bytes: Buffer): MediaRun[] {
  const runs: MediaRun[] = []
  for (let at = 0; at < bytes.length; at += RUN_BYTES) {
    const kind = bytes.readUInt32LE(at + 12) === KINDS.ZERO ? 'ZERO' : 'UNREADABLE'
    runs.push({ kind, start: bytes.readUIntLE(at, 6), count: bytes.readUIntLE(at + 6, 6) })
  }
  return runs
}
