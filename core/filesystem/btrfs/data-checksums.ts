import { damaged } from '../damaged.ts'
import { CHECKSUMS_ID, ITEM, type Key } from './key.ts'
import type { Superblock } from './superblock.ts'
import type { Item, ItemSource } from './tree.ts'

/**
 * The checksums of `count` sectors of content from the address `at` on; gaps are undefined. Of several
 * sources the last one counts.
 */
export async function contentChecksums(
  sources: readonly ItemSource[],
  { checksum, sectorBytes }: Superblock,
  at: number,
  count: number,
): Promise<(Buffer | undefined)[]> {
  const found = new Array<Buffer | undefined>(count).fill(undefined)
  for (const source of sources)
    for await (const { key, data } of itemsAt(source, at, at + count * sectorBytes)) {
      const first = (Number(key.offset) - at) / sectorBytes
      if (!Number.isInteger(first)) throw damaged('btrfs: a checksum of content is out of place')
      const sums = Math.floor(data.length / checksum.bytes)
      for (let sum = Math.max(0, -first); sum < sums && first + sum < count; sum++)
        found[first + sum] = data.subarray(sum * checksum.bytes, (sum + 1) * checksum.bytes)
    }
  return found
}

/** Those that begin in a range, and the one before it. */
async function* itemsAt(source: ItemSource, at: number, end: number): AsyncGenerator<Item> {
  const key = (offset: number): Key => {
    return { id: CHECKSUMS_ID, type: ITEM.checksums, offset: BigInt(offset) }
  }
  const before = await source.upTo(key(at))
  const isOne = before?.key.id === CHECKSUMS_ID && before.key.type === ITEM.checksums
  yield* source.items(key(isOne ? Number(before.key.offset) : at), key(end - 1))
}

/** Throws at the first sector that is not what was written. `what` names the content. */
export function requireSums(
  { checksum, sectorBytes }: Superblock,
  bytes: Buffer,
  sums: readonly (Buffer | undefined)[],
  what: (sector: number) => string,
): void {
  for (const [index, sum] of sums.entries()) {
    const sector = bytes.subarray(index * sectorBytes, (index + 1) * sectorBytes)
    if (sum && checksum.of(sector).equals(sum)) continue
    throw damaged(`btrfs: ${what(index)} ${sum ? 'is unlike its checksum' : 'has no checksum'}`)
  }
}
