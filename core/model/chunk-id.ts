import { PAGE_CHUNKS } from './geometry.ts'

/**
 * Where a chunk is in the store: segment × 1,024 + position. Never changes, not even by
 * compaction; stays exact in a number up to 2^53. 0 is the zero chunk.
 */
export type ChunkId = number
export type SegmentId = number

export const ZERO_CHUNK: ChunkId = 0

export function chunkId(segment: SegmentId, position: number): ChunkId {
  return segment * PAGE_CHUNKS + position
}

export function segmentOf(chunk: ChunkId): SegmentId {
  return Math.floor(chunk / PAGE_CHUNKS)
}

export function positionOf(chunk: ChunkId): number {
  return chunk % PAGE_CHUNKS
}
