import { damaged } from '../damaged.ts'
import { CHECKSUMS_ID, ITEM, type Key } from './key.ts'
import type { Superblock } from './superblock.ts'
import type { ItemSource } from './tree.ts'

/** The checksums of `count` sectors of content from the address `at` on; gaps are undefined. */
export async function contentChecksums(
  source: ItemSource,
  { checksum, sectorBytes }: Superblock,
  at: number,
  count: number,
): Promise<(Buffer | undefined)[]> {
  const found = new Array<Buffer | undefined>(count).fill(undefined)
  const key = (offset: number): Key => {
    return { id: CHECKSUMS_ID, type: ITEM.checksums, offset: BigInt(offset) }
  }
  const before = await source.upTo(key(at))
  const isOne = before?.key.id === CHECKSUMS_ID && before.key.type === ITEM.checksums
  const from = isOne ? Number(before.key.offset) : at
  const end = at + count * sectorBytes
  for await (const item of source.items(key(from), key(end - 1))) {
    const first = (Number(item.key.offset) - at) / sectorBytes
    if (!Number.isInteger(first)) throw damaged('btrfs: a checksum of content is out of place')
    const sums = Math.floor(item.data.length / checksum.bytes)
    for (let sum = Math.max(0, -first); sum < sums && first + sum < count; sum++)
      found[first + sum] = item.data.subarray(sum * checksum.bytes, (sum + 1) * checksum.bytes)
  }
  return found
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
