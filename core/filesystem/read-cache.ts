import type { ByteReader } from './byte-reader.ts'
import { requireInside } from './slice.ts'

const UNIT_BYTES = 64 * 1024
const LIMIT_BYTES = 16 * 1024 * 1024

/**
 * Metadata are read in small pieces, often the same ones: units of 64 KiB are kept, those used last.
 * What is larger than a unit is content and goes past.
 */
export function cached(disk: ByteReader): ByteReader {
  const kept = new Map<number, Promise<Buffer>>()
  const unit = (index: number): Promise<Buffer> => {
    const found = kept.get(index) ?? load(disk, index)
    kept.delete(index)
    kept.set(index, found)
    // A failure is not kept: the next reader asks again.
    found.catch(() => kept.delete(index))
    const [oldest] = kept.keys()
    if (kept.size * UNIT_BYTES > LIMIT_BYTES && oldest !== undefined) kept.delete(oldest)
    return found
  }
  return {
    sizeBytes: disk.sizeBytes,
    stored: (offset, length) => disk.stored?.(offset, length),
    async read(offset, length) {
      requireInside(disk.sizeBytes, offset, length)
      const first = Math.floor(offset / UNIT_BYTES)
      const start = offset - first * UNIT_BYTES
      if (length > UNIT_BYTES) return disk.read(offset, length)
      const head = await unit(first)
      if (start + length <= head.length) return Buffer.from(head.subarray(start, start + length))
      return Buffer.concat([head.subarray(start), await unit(first + 1)], length)
    },
  }
}

function load(disk: ByteReader, index: number): Promise<Buffer> {
  const offset = index * UNIT_BYTES
  return disk.read(offset, Math.min(UNIT_BYTES, disk.sizeBytes - offset))
}
