import { crc32c, uint32be } from '../crc32c.ts'
import type { JournalShape } from './journal-layout.ts'

/** Descriptors and revocations end in a checksum of themselves. */
export function isWholeBlock({ checksums, seed }: JournalShape, bytes: Buffer): boolean {
  if (checksums === 'none' || checksums === 'v1') return true
  const cleared = Buffer.from(bytes)
  cleared.writeUInt32BE(0, bytes.length - 4)
  return crc32c(seed, cleared) === bytes.readUInt32BE(bytes.length - 4)
}

/** A commit block vouches for itself or, the oldest way, for all that came before it. */
export function isWholeCommit(
  { checksums, seed }: JournalShape,
  bytes: Buffer,
  transaction: readonly Buffer[],
): boolean {
  if (checksums === 'none') return true
  const stored = bytes.readUInt32BE(16)
  if (checksums === 'v1') {
    const [type, size] = [bytes[12], bytes[13]]
    // All zeros: written by a kernel that had checksums switched off.
    if (type === 0 && size === 0 && stored === 0) return true
    return type === 1 && size === 4 && transaction.reduce(crc32be, 0xffffffff) === stored
  }
  const cleared = Buffer.from(bytes)
  cleared.writeUInt32BE(0, 16)
  return crc32c(seed, cleared) === stored
}

export function isWholeData(
  { checksums, seed }: JournalShape,
  block: { readonly sequence: number; readonly checksum: number; readonly content: Buffer },
): boolean {
  const computed = crc32c(crc32c(seed, uint32be(block.sequence)), block.content)
  return block.checksum === (checksums === 'v3' ? computed : computed & 0xffff)
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24
  for (let bit = 0; bit < 8; bit++) value = (value << 1) ^ (value & 0x80000000 ? 0x04c11db7 : 0)
  return value >>> 0
})

function crc32be(seed: number, bytes: Buffer): number {
  let value = seed
  for (const byte of bytes) value = (value << 8) ^ (TABLE[((value >>> 24) ^ byte) & 0xff] ?? 0)
  return value >>> 0
}
