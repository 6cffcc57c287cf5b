import assert from 'node:assert/strict'
import type { ByteReader } from '../../../core/filesystem/byte-reader.ts'
import { MAX_READ_BYTES } from '../../../core/filesystem/file-system.ts'

/** Of a round; a walk over a whole small image stays far below. */
const MOST_READS = 60_000
const MOST_BYTES = 1024 ** 3

/** An image that asserts what readers promise: nothing outside, nothing huge, not without end. */
export function limitedReader(image: Buffer): ByteReader {
  let reads = 0
  let bytes = 0
  return {
    sizeBytes: image.length,
    async read(offset, length) {
      assert.ok(Number.isSafeInteger(offset) && Number.isSafeInteger(length))
      assert.ok(
        offset >= 0 && length >= 0 && offset + length <= image.length,
        `${length} at ${offset}`,
      )
      assert.ok(length <= MAX_READ_BYTES, `a read of ${length} bytes at once`)
      assert.ok(++reads <= MOST_READS, `more than ${MOST_READS} reads`)
      assert.ok((bytes += length) <= MOST_BYTES, `more than ${MOST_BYTES} bytes read`)
      return Buffer.from(image.subarray(offset, offset + length))
    },
  }
}
