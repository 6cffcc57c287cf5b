import { zstdCompressSync, zstdDecompressSync, constants } from 'node:zlib'
import {
  MAX_WINDOW_LOG,
  persistentZstdWorks,
  zstdCompressContext,
  zstdDecompressContext,
  type ZstdContext,
} from './persistent-zstd.ts'
import { isOneZstdFrame } from './zstd-frame.ts'

/** Compresses and decompresses chunks, one after the other, in one thread. */
export interface ChunkCodec {
  /**
   * Writes one frame to `out`, which has room for `compressBound(plain.length)`, and gives its
   * length; 0 when compressing does not pay: then store the plain bytes. Level 0 never pays.
   */
  compress(plain: Uint8Array, out: Uint8Array, level: number): number
  /** Fills `into` exactly, or throws. `stored` comes from anywhere and is not to be trusted. */
  decompress(stored: Uint8Array, into: Uint8Array): void
  close(): void
}

/** Room that a frame may take, also for incompressible bytes. */
export function compressBound(plainLength: number): number {
  return plainLength + (plainLength >> 8) + 128
}

/** Storing plain is chosen unless compression saves at least 1/32: it spares the readers' time. */
function pays(storedLength: number, plainLength: number): boolean {
  return storedLength <= plainLength - (plainLength >> 5) - 1
}

let worksHere: boolean | undefined

/** A codec over persistent contexts where this Node has them, else over the public calls. */
export function openCodec(): ChunkCodec {
  worksHere ??= persistentZstdWorks((plain) => compressOnce(plain, 1))
  return worksHere ? new PersistentCodec() : publicCodec
}

function compressOnce(plain: Uint8Array, level: number): Uint8Array {
  const params = { [constants.ZSTD_c_compressionLevel]: level }
  return zstdCompressSync(plain, { params, chunkSize: compressBound(plain.length) })
}

/** The same by Node's public calls: slower, one context a call. */
export const publicCodec: ChunkCodec = {
  compress(plain, out, level) {
    if (level === 0) return 0
    const stored = compressOnce(plain, level)
    if (!pays(stored.length, plain.length)) return 0
    out.set(stored)
    return stored.length
  },
  decompress(stored, into) {
    if (!isOneZstdFrame(stored)) throw new Error('not one whole zstd frame')
    const params = { [constants.ZSTD_d_windowLogMax]: MAX_WINDOW_LOG }
    const room = { chunkSize: Math.max(into.length, 64), maxOutputLength: into.length }
    const plain = zstdDecompressSync(stored, { params, ...room })
    if (plain.length !== into.length) throw new Error(wrongLength(plain.length, into.length))
    into.set(plain)
  },
  close() {},
}

class PersistentCodec implements ChunkCodec {
  readonly #compress = new Map<number, ZstdContext>()
  #decompress: ZstdContext | undefined

  compress(plain: Uint8Array, out: Uint8Array, level: number): number {
    if (level === 0) return 0
    const context = this.#compress.get(level) ?? zstdCompressContext(level)
    // Set only while idle: a context that throws is in no known state and never used again.
    this.#compress.delete(level)
    const length = context.run(plain, out)
    this.#compress.set(level, context)
    return pays(length, plain.length) ? length : 0
  }

  decompress(stored: Uint8Array, into: Uint8Array): void {
    if (!isOneZstdFrame(stored)) throw new Error('not one whole zstd frame')
    const context = this.#decompress ?? zstdDecompressContext(MAX_WINDOW_LOG)
    this.#decompress = undefined
    const length = runOrClose(context, stored, into)
    if (length !== into.length) {
      context.close()
      throw new Error(wrongLength(length, into.length))
    }
    this.#decompress = context
  }

  close(): void {
    for (const context of this.#compress.values()) context.close()
    this.#compress.clear()
    this.#decompress?.close()
    this.#decompress = undefined
  }
}

function runOrClose(context: ZstdContext, input: Uint8Array, output: Uint8Array): number {
  try {
    return context.run(input, output)
  } catch (error) {
    context.close()
    throw error
  }
}

function wrongLength(actual: number, expected: number): string {
  return `decompresses to ${actual} bytes instead of ${expected}`
}
