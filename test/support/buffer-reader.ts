import type { ByteReader } from '../../core/filesystem/byte-reader.ts'

/** An image in memory, to be changed at will. */
export function bufferReader(image: Buffer): ByteReader {
  return {
    sizeBytes: image.length,
    async read(offset, length) {
      // Readers have to look first: this is no error of theirs.
      if (!(offset >= 0 && length >= 0 && offset + length <= image.length))
        throw new RangeError(`read of ${length} at ${offset}`)
      return image.subarray(offset, offset + length)
    },
  }
}
