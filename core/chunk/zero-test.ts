import { MAX_CHUNK_BYTES } from './record.ts'

const zeros = Buffer.alloc(MAX_CHUNK_BYTES)

/** Are all bytes zero? Up to MAX_CHUNK_BYTES at a time; one memcmp, far above the speed of reads. */
export function isZero(plain: Uint8Array): boolean {
  return zeros.compare(plain, 0, plain.length, 0, plain.length) === 0
}
