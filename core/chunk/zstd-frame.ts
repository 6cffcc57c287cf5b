const MAGIC = 0xfd2fb528
const RAW_BLOCK = 0
const RLE_BLOCK = 1
const RESERVED_BLOCK = 3

/**
 * Is `bytes` exactly one complete zstd frame without dictionary (RFC 8878)? A stored chunk is one
 * frame and nothing else; an unfinished frame would decompress to the right bytes through our
 * persistent context and be refused by every other reader of the store.
 */
export function isOneZstdFrame(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 9 || view.getUint32(0, true) !== MAGIC) return false
  const descriptor = view.getUint8(4)
  const hasDictionary = (descriptor & 0x03) !== 0
  const reservedBit = (descriptor & 0x08) !== 0
  if (hasDictionary || reservedBit) return false
  const end = endOfBlocks(view, 5 + headerRest(descriptor))
  const checksumBytes = (descriptor & 0x04) !== 0 ? 4 : 0
  return end !== undefined && end + checksumBytes === bytes.length
}

/** Bytes of the frame header after its descriptor: window and content size. */
function headerRest(descriptor: number): number {
  const singleSegment = (descriptor & 0x20) !== 0
  const sizeFlag = descriptor >> 6
  const contentSize = sizeFlag === 0 ? (singleSegment ? 1 : 0) : 1 << sizeFlag
  return contentSize + (singleSegment ? 0 : 1)
}

function endOfBlocks(view: DataView, start: number): number | undefined {
  let at = start
  for (;;) {
    if (at + 3 > view.byteLength) return undefined
    const header = view.getUint8(at) | (view.getUint16(at + 1, true) << 8)
    const type = (header >> 1) & 3
    if (type === RESERVED_BLOCK) return undefined
    at += 3 + (type === RLE_BLOCK ? 1 : header >> 3)
    if ((header & 1) === 1) return at
    if (type === RAW_BLOCK && header >> 3 === 0 && at >= view.byteLength) return undefined
  }
}
