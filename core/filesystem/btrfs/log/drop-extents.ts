import { damaged } from '../../damaged.ts'
import { ITEM, MAX_OFFSET, type Key } from '../key.ts'
import type { Item } from '../tree.ts'
import type { Overlay } from './overlay.ts'

const INLINE = 0
const STORED_BYTES = 53
/** No file is larger, and sums of two are still numbers of 64 bits. */
const LARGEST = 2n ** 63n - 1n

/** Where an extent of a file ends, counted in whole sectors. */
export function extentEnd({ key, data }: Item, sectorBytes: number): bigint {
  if (data.length < 21) throw damaged(`btrfs: an extent of inode ${key.id} is cut off`)
  const sector = BigInt(sectorBytes)
  if (data.readUInt8(20) === INLINE)
    return ((key.offset + data.readBigUInt64LE(8) + sector - 1n) / sector) * sector
  if (data.length < STORED_BYTES) throw damaged(`btrfs: an extent of inode ${key.id} is cut off`)
  const end = key.offset + data.readBigUInt64LE(45)
  if (end > LARGEST || data.readBigUInt64LE(37) > LARGEST)
    throw damaged(`btrfs: an extent of inode ${key.id} lies beyond all sizes`)
  return end
}

/** Takes [start, end) out of a file: what lies there in part keeps its rest. */
export async function dropExtents(
  view: Overlay,
  inode: bigint,
  [start, end]: readonly [bigint, bigint],
  sectorBytes: number,
): Promise<void> {
  const key = (offset: bigint): Key => ({ id: inode, type: ITEM.extent, offset })
  const before = await view.upTo(key(start))
  const isOurs = before?.key.id === inode && before.key.type === ITEM.extent
  const found: Item[] = []
  for await (const item of view.items(key(isOurs ? before.key.offset : start), key(MAX_OFFSET))) {
    if (item.key.offset >= end) break
    found.push(item)
  }
  for (const item of found) {
    const from = item.key.offset
    const to = extentEnd(item, sectorBytes)
    if (to <= start) continue
    if (item.data.readUInt8(20) === INLINE) {
      if (from >= start) view.delete(item.key)
      continue
    }
    view.delete(item.key)
    if (from < start) view.set(item.key, part(item.data, 0n, start - from))
    if (to > end) view.set(key(end), part(item.data, end - from, to - end))
  }
}

function part(data: Buffer, skip: bigint, length: bigint): Buffer {
  const copy = Buffer.from(data)
  copy.writeBigUInt64LE(copy.readBigUInt64LE(37) + skip, 37)
  copy.writeBigUInt64LE(length, 45)
  return copy
}
