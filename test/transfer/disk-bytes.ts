import { createHash } from 'node:crypto'
import type { AllocatedExtent, DiskReader } from '../../core/disk/disk.ts'
import { HoldfastError } from '../../core/model/error.ts'

export const CHUNK = 16 * 1024

/** Compressible bytes that differ in every chunk and at every index. */
export function pattern(seed: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  const words = createHash('sha256').update(`pattern ${seed}`).digest()
  for (let i = 0; i < length; i++) bytes[i] = ((words[i % 32] ?? 0) + (i >> 6) + (i & 7)) & 0xff
  return bytes
}

/** Bytes that do not compress. */
export function noise(seed: number, length: number): Buffer {
  const blocks: Buffer[] = []
  for (let i = 0; i * 32 < length; i++)
    blocks.push(createHash('sha256').update(`noise ${seed} ${i}`).digest())
  return Buffer.concat(blocks, length)
}

/**
 * A disk in memory: chunks by letter, z zeros, p pattern, n noise, h a hole (zero, not allocated),
 * then a short last chunk of `tail` bytes of pattern.
 */
export function diskBytes(letters: string, tail = 0, seed = 0): Buffer {
  const chunks = [...letters].map((letter, i) => {
    if (letter === 'p') return pattern(seed + i, CHUNK)
    if (letter === 'n') return noise(seed + i, CHUNK)
    return Buffer.alloc(CHUNK)
  })
  return Buffer.concat([...chunks, pattern(seed + letters.length, tail)])
}

/** Extents of the letters: only h is a hole. */
export function* extentsOf(letters: string, sizeBytes: number): Generator<AllocatedExtent> {
  for (let i = 0; i * CHUNK < sizeBytes; i++) {
    const offset = i * CHUNK
    yield { offset, length: Math.min(CHUNK, sizeBytes - offset), zero: letters[i] === 'h' }
  }
}

/** Reads from memory, in turns of the event loop; ranges in `bad` give media errors. */
export class MemoryReader implements DiskReader {
  readonly sizeBytes: number
  reads = 0
  readonly #bytes: Buffer
  readonly #letters: string
  readonly #bad: readonly { readonly offset: number; readonly length: number }[]

  constructor(
    bytes: Buffer,
    letters: string,
    bad: readonly { readonly offset: number; readonly length: number }[] = [],
  ) {
    this.#bytes = bytes
    this.#letters = letters
    this.#bad = bad
    this.sizeBytes = bytes.length
  }

  async read(offset: number, into: Uint8Array, signal?: AbortSignal): Promise<void> {
    this.reads++
    await new Promise((resolve) => setImmediate(resolve))
    signal?.throwIfAborted()
    const end = offset + into.length
    if (end > this.sizeBytes) throw new RangeError('read beyond the end')
    if (this.#bad.some((b) => b.offset < end && offset < b.offset + b.length))
      throw new HoldfastError('source-unreadable', `no bytes at ${offset}`)
    into.set(this.#bytes.subarray(offset, end))
  }

  async *allocation(): AsyncIterable<AllocatedExtent> {
    yield* extentsOf(this.#letters, this.sizeBytes)
  }

  async close(): Promise<void> {}
}
