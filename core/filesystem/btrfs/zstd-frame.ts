import { damaged } from '../damaged.ts'

const MAGIC = 0xfd2fb528
const RLE = 1

/** How long the frame at the start is. Content fills sectors: behind the frame there are zeros. */
export function zstdFrameBytes(bytes: Buffer): number {
  if (bytes.length < 5 || bytes.readUInt32LE(0) !== MAGIC) throw broken()
  const flags = bytes.readUInt8(4)
  const isSingle = (flags & 0x20) !== 0
  const dictionaryBytes = [0, 1, 2, 4][flags & 3] ?? 0
  const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][flags >> 6] ?? 0
  let at = 5 + (isSingle ? 0 : 1) + dictionaryBytes + sizeBytes
  for (;;) {
    if (at + 3 > bytes.length) throw broken()
    const block = bytes.readUIntLE(at, 3)
    at += 3 + (((block >> 1) & 3) === RLE ? 1 : block >> 3)
    if ((block & 1) !== 0) break
  }
  at += (flags & 4) !== 0 ? 4 : 0
  if (at > bytes.length) throw broken()
  return at
}

function broken() {
  return damaged('btrfs: what is compressed with zstd is damaged')
}
