import { damaged } from '../damaged.ts'

const BLOCK_BYTES = 4096
const COMPRESSED = 0x8000

/**
 * Unpacks one unit of a compressed file to `sizeBytes`; what is not there is zero. LZNT1: blocks of
 * 4 KiB, each with a length of its own, packed or as they are.
 */
export function unpackLznt1(packed: Buffer, sizeBytes: number): Buffer {
  const unpacked = Buffer.alloc(sizeBytes)
  let at = 0
  for (let start = 0; start < sizeBytes && at + 2 <= packed.length; start += BLOCK_BYTES) {
    const header = packed.readUInt16LE(at)
    if (header === 0) break
    const end = at + 3 + (header & 0x0fff)
    if (end > packed.length) throw damaged('ntfs: a compressed block is cut off')
    const source = packed.subarray(at + 2, end)
    const target = unpacked.subarray(start, start + BLOCK_BYTES)
    if ((header & COMPRESSED) !== 0) unpackBlock(source, target)
    else source.copy(target)
    at = end
  }
  return unpacked
}

/** A byte of flags, then eight times either a byte or a copy of what was before. */
function unpackBlock(source: Buffer, target: Buffer): void {
  let to = 0
  for (let at = 0; at < source.length;) {
    const flags = source.readUInt8(at++)
    for (let bit = 0; bit < 8 && at < source.length; bit++) {
      if ((flags & (1 << bit)) === 0) {
        if (to >= target.length) throw damaged('ntfs: a compressed block is too long')
        target[to++] = source.readUInt8(at++)
        continue
      }
      if (at + 2 > source.length) throw damaged('ntfs: a compressed block is cut off')
      to = copyBack(target, to, source.readUInt16LE(at))
      at += 2
    }
  }
}

/** The further on in the block, the more of the 16 bits are distance and the fewer length. */
function copyBack(target: Buffer, to: number, token: number): number {
  let lengthBits = 12
  for (let reach = to - 1; reach >= 0x10; reach >>= 1) lengthBits--
  const distance = (token >> lengthBits) + 1
  const length = (token & ((1 << lengthBits) - 1)) + 3
  if (distance > to || to + length > target.length)
    throw damaged('ntfs: a compressed block refers to what is not there')
  for (let index = 0; index < length; index++)
    target[to + index] = target[to - distance + index] ?? 0
  return to + length
}
