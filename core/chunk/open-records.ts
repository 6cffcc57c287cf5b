import type { ChunkCodec } from './codec.ts'
import { plainDamage, type DamagedRecord, type ExpectedRecords } from './expected.ts'

/**
 * Decompresses every record of `region` into `room`, one behind the other, and proves it by its
 * digest. Nothing may be used of the plain bytes of those that are returned.
 */
export function openRecords(
  region: Buffer,
  expected: ExpectedRecords,
  room: Buffer,
  codec: ChunkCodec,
): DamagedRecord[] {
  const damaged: DamagedRecord[] = []
  let at = 0
  for (const [index, length] of expected.plainLengths.entries()) {
    const plain = room.subarray(at, at + length)
    const reason = plainDamage(region, expected, index, codec, plain)
    if (reason !== undefined) damaged.push({ index, reason })
    at += length
  }
  return damaged
}
