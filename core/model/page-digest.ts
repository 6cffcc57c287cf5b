import { createHash, hash } from 'node:crypto'
import { DIGEST_BYTES } from './digest.ts'

/**
 * A disk's digest root: SHA-256 over the digests of its pages in order, each the SHA-256 over the
 * 32-byte digests of the page's chunks, zero chunks as 32 zero bytes. Two disks of one chunk size
 * with equal roots are equal.
 */
export function pageDigest(digests: Uint8Array): Buffer {
  return hash('sha256', digests, 'buffer')
}

const zeroPages = new Map<number, Buffer>()

/** Digest of a page of `entries` zero chunks. */
export function zeroPageDigest(entries: number): Buffer {
  let digest = zeroPages.get(entries)
  if (!digest) zeroPages.set(entries, (digest = pageDigest(Buffer.alloc(entries * DIGEST_BYTES))))
  return digest
}

export function digestRoot(pageDigests: Iterable<Uint8Array>): Buffer {
  const root = createHash('sha256')
  for (const digest of pageDigests) root.update(digest)
  return root.digest()
}
