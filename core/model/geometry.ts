/** Where chunks lie: the only place that converts between chunk indexes and byte offsets. */

/** *Start* size of a chunk in bytes; fixed per disk at its first protection. */
export const CHUNK_BYTES = 128 * 1024

/** Chunks that one page of a map, and one segment of the store, cover. */
export const PAGE_CHUNKS = 1024

export type ChunkIndex = number
export type ByteOffset = number
export type ByteCount = number

/** Chunks that a disk of `sizeBytes` has; the last may be short. */
export function chunkCount(sizeBytes: ByteCount, chunkBytes: ByteCount): number {
  return Math.ceil(sizeBytes / chunkBytes)
}

export function chunkOffset(index: ChunkIndex, chunkBytes: ByteCount): ByteOffset {
  return index * chunkBytes
}

/** Bytes of chunk `index`: `chunkBytes`, or less at the end of the disk. */
export function chunkLength(
  index: ChunkIndex,
  sizeBytes: ByteCount,
  chunkBytes: ByteCount,
): ByteCount {
  return Math.min(chunkBytes, sizeBytes - index * chunkBytes)
}

export function pageCount(sizeBytes: ByteCount, chunkBytes: ByteCount): number {
  return Math.ceil(chunkCount(sizeBytes, chunkBytes) / PAGE_CHUNKS)
}

/** Chunks that page `page` of a disk covers: 1,024, or less at the end. */
export function pageEntries(page: number, sizeBytes: ByteCount, chunkBytes: ByteCount): number {
  return Math.min(PAGE_CHUNKS, chunkCount(sizeBytes, chunkBytes) - page * PAGE_CHUNKS)
}
