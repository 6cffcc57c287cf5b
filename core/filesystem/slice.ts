import type { ByteReader } from './byte-reader.ts'
import { damaged } from './damaged.ts'

/** A part of a disk (a partition) as a disk of its own. The part has to lie inside. */
export function slice(disk: ByteReader, offset: number, sizeBytes: number): ByteReader {
  return {
    sizeBytes,
    read(at, length) {
      requireInside(sizeBytes, at, length)
      return disk.read(offset + at, length)
    },
    stored(at, length) {
      requireInside(sizeBytes, at, length)
      return disk.stored?.(offset + at, length)
    },
  }
}

/** Readers check what they are about to read by this; no message of theirs needs the figures. */
export function requireInside(sizeBytes: number, offset: number, length: number): void {
  const isInside =
    Number.isSafeInteger(offset) &&
    Number.isSafeInteger(length) &&
    offset >= 0 &&
    length >= 0 &&
    offset + length <= sizeBytes
  if (!isInside)
    throw damaged(`${length} bytes at ${offset} are outside of the ${sizeBytes} that there are`)
}
