import type { ByteReader } from '../byte-reader.ts'
import { requireInside } from '../slice.ts'
import { JOURNAL_MAGIC } from './journal-layout.ts'

/** The content of a block is to be read at another. */
export interface MovedBlock {
  readonly place: number
  readonly isEscaped: boolean
}

/** A disk with some blocks read from elsewhere on it: nothing is copied, only places are kept. */
export function overlaid(
  disk: ByteReader,
  blockBytes: number,
  moved: ReadonlyMap<number, MovedBlock>,
): ByteReader {
  if (moved.size === 0) return disk
  return {
    sizeBytes: disk.sizeBytes,
    async read(offset, length) {
      requireInside(disk.sizeBytes, offset, length)
      const bytes = await disk.read(offset, length)
      const end = offset + length
      for (let block = Math.floor(offset / blockBytes); block * blockBytes < end; block++) {
        const found = moved.get(block)
        if (found === undefined) continue
        const content = await readMoved(disk, blockBytes, found)
        const from = Math.max(offset, block * blockBytes)
        const to = Math.min(end, (block + 1) * blockBytes)
        content.copy(bytes, from - offset, from - block * blockBytes, to - block * blockBytes)
      }
      return bytes
    },
  }
}

async function readMoved(
  disk: ByteReader,
  blockBytes: number,
  { place, isEscaped }: MovedBlock,
): Promise<Buffer> {
  const content = await disk.read(place * blockBytes, blockBytes)
  if (isEscaped) content.writeUInt32BE(JOURNAL_MAGIC, 0)
  return content
}
