import type { PointDisk } from './point-source.ts'

export const SAMPLE_CHUNK_BYTES = 16 * 1024

/**
 * A disk whose bytes differ at every index, half of them compressible, with holes: chunk 1 is zero,
 * so are the second quarter and, when the size allows, a stretch near the end.
 */
export function sampleDisk(sizeBytes: number, name = 'disk', salt = 1): PointDisk {
  const bytes = Buffer.alloc(sizeBytes)
  let state = salt * 2654435761
  for (let at = 0; at + 4 <= sizeBytes; at += 4) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    // The counter keeps every index apart; the noise keeps half of the chunks from compressing.
    const noisy = Math.floor(at / SAMPLE_CHUNK_BYTES) % 2 === 0
    bytes.writeUInt32LE(noisy ? state : (at + salt) >>> 0, at)
  }
  for (let at = sizeBytes & ~3; at < sizeBytes; at++) bytes[at] = 0xa0 + (at & 3)
  zeroOut(bytes, 1, 2)
  const quarter = Math.floor(sizeBytes / SAMPLE_CHUNK_BYTES / 4)
  zeroOut(bytes, quarter, quarter * 2)
  return { name, bytes, chunkBytes: SAMPLE_CHUNK_BYTES, format: 'raw' }
}

function zeroOut(bytes: Buffer, from: number, to: number): void {
  bytes.fill(0, from * SAMPLE_CHUNK_BYTES, Math.min(to * SAMPLE_CHUNK_BYTES, bytes.length))
}
