import { constants, inflateSync, zstdDecompressSync } from 'node:zlib'
import { damaged } from '../damaged.ts'
import { unpackLzo1x } from './lzo1x.ts'
import { zstdFrameBytes } from './zstd-frame.ts'

export type Compression = 'none' | 'zlib' | 'lzo' | 'zstd'

/** Linux never uses more; what asks for more is damaged. */
const MAX_WINDOW_BITS = 17

/** `plainBytes` of them; zeros where there are fewer, as Linux reads it. */
export function decompress(
  compression: Compression,
  stored: Buffer,
  plainBytes: number,
  sectorBytes: number,
): Buffer {
  const plain = Buffer.alloc(plainBytes)
  if (compression === 'lzo') unpackLzo(stored, plain, sectorBytes)
  else if (compression === 'none') stored.copy(plain)
  else unpackByNode(compression, stored, plainBytes).copy(plain)
  return plain
}

function unpackByNode(kind: 'zlib' | 'zstd', stored: Buffer, plainBytes: number): Buffer {
  // The last sector may hold more than the file has.
  const options = { maxOutputLength: plainBytes + 65536, chunkSize: 65536 }
  try {
    if (kind === 'zlib') return inflateSync(stored, options)
    const params = { [constants.ZSTD_d_windowLogMax]: MAX_WINDOW_BITS }
    return zstdDecompressSync(stored.subarray(0, zstdFrameBytes(stored)), { ...options, params })
  } catch (error) {
    const { message } = error as Error
    throw damaged(`btrfs: what is compressed with ${kind} is damaged (${message})`)
  }
}

/** A sector at a time, each with its length before it. That length never crosses a sector's end. */
function unpackLzo(stored: Buffer, plain: Buffer, sectorBytes: number): void {
  const total = stored.length < 4 ? 0 : stored.readUInt32LE(0)
  if (total < 4 || total > stored.length)
    throw damaged('btrfs: what is compressed with LZO is cut off')
  let written = 0
  for (let at = 4; at < total && written < plain.length;) {
    const left = sectorBytes - (at % sectorBytes)
    if (left < 4) at += left
    const end = at + 4 <= total ? at + 4 + stored.readUInt32LE(at) : Infinity
    if (end > total) throw damaged('btrfs: what is compressed with LZO is cut off')
    const room = plain.subarray(written, written + sectorBytes)
    written += unpackLzo1x(stored.subarray(at + 4, end), room)
    at = end
  }
}
