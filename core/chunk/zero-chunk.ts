import { MAX_CHUNK_BYTES } from './record.ts'

const ZEROS = Buffer.alloc(MAX_CHUNK_BYTES)

/** The bytes of a zero chunk, for reading only: all of them share one memory. */
export function zeroChunk(length: number): Buffer {
  return ZEROS.subarray(0, length)
}

/** Is it a part of a zero chunk? False says nothing of the bytes. */
export function isOfZeroChunk(bytes: Buffer): boolean {
  return bytes.buffer === ZEROS.buffer
}
