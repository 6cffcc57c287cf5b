import { openCodec } from '../../../core/chunk/codec.ts'
import { readRecordHeader, recordBody, recordDigest } from '../../../core/chunk/record-header.ts'
import { CODEC_PLAIN, MAX_CHUNK_BYTES, RECORD_HEADER_BYTES } from '../../../core/chunk/record.ts'
import { chunkId, type ChunkId } from '../../../core/model/chunk-id.ts'
import { DIGEST_BYTES, digestOf } from '../../../core/model/digest.ts'
import { HoldfastError } from '../../../core/model/error.ts'
import type { LiveSegment } from '../../catalog/liveness.ts'
import type { PackSegment } from '../../catalog/compactable.ts'
import type { ChunkStore, PackPlace, PackWriter } from '../../store/chunk-store.ts'

/** A segment of an old pack, and what of it is to live on. */
export type SegmentToCopy = PackSegment & LiveSegment

/** Bytes that its live records take; all of them while it is pinned. */
export function storedBytes(segment: SegmentToCopy): number {
  let bytes = 0
  for (let position = 0; position < segment.count; position++) {
    const stored = storedLength(segment.lengths, position)
    if (stored > 0 && (segment.pinned || segment.live[position] === 1))
      bytes += RECORD_HEADER_BYTES + stored
  }
  return bytes
}

export interface CopyOutcome {
  /** Lengths as they are in the new place. */
  readonly lengths: Buffer
  readonly damaged: readonly ChunkId[]
}

/**
 * Appends the live records of a segment, in order and one behind the other. Each is held against
 * the catalog's digest first: what was damaged in the old pack must not come out of a new one.
 */
export async function copyLiveRecords(
  store: ChunkStore,
  from: PackPlace,
  segment: SegmentToCopy,
  to: PackWriter,
): Promise<CopyOutcome> {
  const lengths = Buffer.alloc(segment.count * 4)
  const damaged: ChunkId[] = []
  let offset = segment.baseOffset
  for (let position = 0; position < segment.count; position++) {
    const stored = storedLength(segment.lengths, position)
    if (stored === 0) continue
    const at = offset
    offset += RECORD_HEADER_BYTES + stored
    if (segment.live[position] !== 1) continue
    const record = Buffer.allocUnsafe(RECORD_HEADER_BYTES + stored)
    const found = await readIfThere(store, from, at, record)
    if (!found || !isRecordOf(record, segment, position)) {
      damaged.push(chunkId(segment.id, position))
      continue
    }
    to.append(record)
    await to.drained()
    segment.lengths.copy(lengths, position * 4, position * 4, position * 4 + 4)
  }
  return { lengths, damaged }
}

/** False where the file is short or gone: damage of that record, and no reason to stop. */
async function readIfThere(
  store: ChunkStore,
  from: PackPlace,
  offset: number,
  into: Buffer,
): Promise<boolean> {
  try {
    await store.readPack(from, offset, into)
    return true
  } catch (error) {
    if (error instanceof HoldfastError && error.code === 'pack-damaged') return false
    throw error
  }
}

function storedLength(lengths: Buffer, position: number): number {
  return lengths.readUInt32LE(position * 4) >>> 8
}

const codec = openCodec()
const plainBuffer = Buffer.allocUnsafe(MAX_CHUNK_BYTES)

function isRecordOf(record: Buffer, segment: SegmentToCopy, position: number): boolean {
  const header = readRecordHeader(record, 0)
  if (typeof header === 'string' || header.place !== chunkId(segment.id, position)) return false
  const digest = segment.digests.subarray(position * DIGEST_BYTES, (position + 1) * DIGEST_BYTES)
  if (!recordDigest(record, 0).equals(digest)) return false
  const stored = recordBody(record, 0, header.storedLength)
  if (header.codec === CODEC_PLAIN) return digestOf(stored).equals(digest)
  const plain = plainBuffer.subarray(0, header.plainLength)
  try {
    codec.decompress(stored, plain)
  } catch {
    return false
  }
  return digestOf(plain).equals(digest)
}
