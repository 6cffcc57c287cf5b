import type { ByteReader } from '../byte-reader.ts'
import type { NewerBlocks } from '../overlay.ts'
import { JOURNAL_MAGIC } from './journal-layout.ts'

/** The content of a block is to be read at another. */
export interface MovedBlock {
  readonly place: number
  readonly isEscaped: boolean
}

/** Blocks that are read from elsewhere on the disk: only places are kept. */
export function movedBlocks(
  disk: ByteReader,
  blockBytes: number,
  moved: ReadonlyMap<number, MovedBlock>,
): NewerBlocks {
  return {
    size: moved.size,
    has: (block) => moved.has(block),
    get(block) {
      const found = moved.get(block)
      return found && readMoved(disk, blockBytes, found)
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
