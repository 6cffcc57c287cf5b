import { hash } from 'node:crypto'

/** SHA-256 of a chunk's plain bytes. The algorithm is a field wherever digests are stored. */
export const DIGEST_BYTES = 32
export const ALGORITHM_SHA256 = 1

/** Stands for a zero chunk wherever digests are listed; no chunk hashes to it. */
export const ZERO_DIGEST = Buffer.alloc(DIGEST_BYTES)

export function digestOf(plain: Uint8Array): Buffer {
  return hash('sha256', plain, 'buffer')
}
