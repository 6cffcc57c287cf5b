import {
  expectedBytes,
  plainDamage,
  storedDamage,
  type DamagedRecord,
  type ExpectedRecords,
} from './expected.ts'
import type { ChunkCodec } from './codec.ts'
import { writePlace } from './record-header.ts'

/**
 * Checks every record of `region` and moves the good ones together at its front, each with its
 * place in `places` (on the wire). Gives the bytes they take and what is wrong with the others.
 */
export function serveRecords(
  region: Buffer,
  expected: ExpectedRecords,
  places: Float64Array,
): { bytes: number; damaged: DamagedRecord[] } {
  const damaged: DamagedRecord[] = []
  let bytes = 0
  expected.offsets.forEach((offset, index) => {
    const reason = storedDamage(region, expected, index)
    if (reason !== undefined) return damaged.push({ index, reason })
    const length = expectedBytes(expected, index)
    if (bytes !== offset) region.copyWithin(bytes, offset, offset + length)
    writePlace(region, bytes, places[index] ?? 0)
    return (bytes += length)
  })
  return { bytes, damaged }
}

/** Every record of `region` whose plain bytes are not what the catalog's digest says. */
export function verifyRecords(
  region: Buffer,
  expected: ExpectedRecords,
  codec: ChunkCodec,
): DamagedRecord[] {
  const damaged: DamagedRecord[] = []
  for (let index = 0; index < expected.offsets.length; index++) {
    const reason = plainDamage(region, expected, index, codec)
    if (reason !== undefined) damaged.push({ index, reason })
  }
  return damaged
}
