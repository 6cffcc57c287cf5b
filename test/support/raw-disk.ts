import { open, truncate, writeFile } from 'node:fs/promises'

export const CHUNK = 128 * 1024

export interface RawDisk {
  readonly chunks: number
  /** Bytes of the last chunk. */
  readonly tail: number
  /** Another seed, other content everywhere. */
  readonly seed: number
}

/** A raw image that differs at every index; every fifth chunk is a hole, the last chunk is short. */
export async function writeRawDisk(file: string, { chunks, tail, seed }: RawDisk): Promise<void> {
  await writeFile(file, '')
  await truncate(file, (chunks - 1) * CHUNK + tail)
  const handle = await open(file, 'r+')
  try {
    for (let index = 0; index < chunks; index++) {
      if (index % 5 === 3) continue
      const bytes = chunkBytes(index, seed, index === chunks - 1 ? tail : CHUNK)
      await handle.write(bytes, 0, bytes.length, index * CHUNK)
    }
  } finally {
    await handle.close()
  }
}

/** Rewrites one chunk with content of another seed. */
export async function rewriteChunk(file: string, index: number, seed: number): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    await handle.write(chunkBytes(index, seed, CHUNK), 0, CHUNK, index * CHUNK)
  } finally {
    await handle.close()
  }
}

/** Half repeats, half does not: it compresses, and not to nothing. */
function chunkBytes(index: number, seed: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  let state = (index * 2654435761 + seed * 40503 + 1) >>> 0
  for (let at = 0; at + 4 <= length; at += 4) {
    state = (state * 1664525 + 1013904223) >>> 0
    bytes.writeUInt32LE(at % 64 < 32 ? state : (index ^ seed) >>> 0, at)
  }
  return bytes
}
