import type { ByteReader } from './byte-reader.ts'
import { requireInside } from './slice.ts'

/** What some blocks of a disk hold instead of what is there: a journal's newer content. */
export interface NewerBlocks {
  readonly size: number
  has(block: number): boolean
  /** Undefined where the disk's own content counts. */
  get(block: number): Buffer | Promise<Buffer> | undefined
}

/** A disk some blocks of which read as a journal has them. Nothing is written, nothing copied. */
export function overlaid(disk: ByteReader, blockBytes: number, newer: NewerBlocks): ByteReader {
  return {
    sizeBytes: disk.sizeBytes,
    async read(offset, length) {
      requireInside(disk.sizeBytes, offset, length)
      const bytes = await disk.read(offset, length)
      if (newer.size === 0) return bytes
      const end = offset + length
      for (let block = Math.floor(offset / blockBytes); block * blockBytes < end; block++) {
        const found = newer.get(block)
        if (found === undefined) continue
        const content = await found
        const from = Math.max(offset, block * blockBytes)
        const to = Math.min(end, (block + 1) * blockBytes)
        content.copy(bytes, from - offset, from - block * blockBytes, to - block * blockBytes)
      }
      return bytes
    },
    stored(offset, length) {
      const end = offset + length
      let unpatched = newer.size === 0 ? end : offset
      for (; unpatched < end; unpatched += blockBytes - (unpatched % blockBytes))
        if (newer.has(Math.floor(unpatched / blockBytes))) break
      if (unpatched === offset) return undefined
      return disk.stored?.(offset, Math.min(unpatched, end) - offset)
    },
  }
}
