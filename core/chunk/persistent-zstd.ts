import { createZstdCompress, createZstdDecompress, constants, type ZstdOptions } from 'node:zlib'

/**
 * The one place that touches Node's private zlib handle: a zstd context that outlives its frames.
 * The public one-shot calls make a context and its buffers for every chunk, which costs a third of
 * the speed and, in a worker that never turns its event loop, more than 1 GiB of memory.
 */
interface ZstdHandle {
  writeSync(
    flush: number,
    input: Uint8Array,
    inputAt: number,
    inputLength: number,
    output: Uint8Array,
    outputAt: number,
    outputLength: number,
  ): void
  onerror: (message: string, errno: number, code: string) => void
}

interface HandleOwner {
  readonly _handle: ZstdHandle
  /** After a write: bytes left of the output, bytes left of the input. */
  readonly _writeState: Uint32Array
  destroy(): void
}

/** One frame in, one frame out, in one step. Throws after which the context is of no more use. */
export class ZstdContext {
  readonly #owner: HandleOwner
  readonly #flush: number
  #failure = ''

  constructor(owner: unknown, flush: number) {
    const candidate = owner as Partial<HandleOwner>
    if (!candidate._handle?.writeSync || candidate._writeState?.length !== 2)
      throw new Error('this Node has no zstd handle of the known shape')
    this.#owner = candidate as HandleOwner
    this.#flush = flush
    candidate._handle.onerror = (message, _errno, code) => {
      this.#failure = `${code}: ${message}`
    }
  }

  /** Bytes written to `output`; throws when the input is bad or does not end in it. */
  run(input: Uint8Array, output: Uint8Array): number {
    const { _handle: handle, _writeState: state } = this.#owner
    handle.writeSync(this.#flush, input, 0, input.length, output, 0, output.length)
    if (this.#failure !== '') throw new Error(this.#failure)
    if (state[1] !== 0) throw new Error('zstd left input unread')
    return output.length - (state[0] ?? 0)
  }

  close(): void {
    this.#owner.destroy()
  }
}

export function zstdCompressContext(level: number): ZstdContext {
  const options: ZstdOptions = { params: { [constants.ZSTD_c_compressionLevel]: level } }
  return new ZstdContext(createZstdCompress(options), constants.ZSTD_e_end)
}

export function zstdDecompressContext(windowLog: number): ZstdContext {
  const options: ZstdOptions = { params: { [constants.ZSTD_d_windowLogMax]: windowLog } }
  return new ZstdContext(createZstdDecompress(options), constants.ZSTD_e_continue)
}

/**
 * Does the private handle do what this file believes? Frames in a row through one context, equal to
 * the public calls' bytes, and an error for a damaged one.
 */
export function persistentZstdWorks(reference: (plain: Uint8Array) => Uint8Array): boolean {
  try {
    const compress = zstdCompressContext(1)
    const decompress = zstdDecompressContext(MAX_WINDOW_LOG)
    const works = [1, 2, 3].every((seed) => roundTrips(compress, decompress, seed, reference))
    compress.close()
    return works && refusesDamage(decompress)
  } catch {
    return false
  }
}

/** Window of the largest chunk, 512 KiB: what a frame may ask of our memory. */
export const MAX_WINDOW_LOG = 19

function sample(seed: number): Buffer {
  return Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * seed + (i >> 5)) & 0x3f))
}

function roundTrips(
  compress: ZstdContext,
  decompress: ZstdContext,
  seed: number,
  reference: (plain: Uint8Array) => Uint8Array,
): boolean {
  const plain = sample(seed)
  const out = Buffer.alloc(plain.length + 256)
  const stored = out.subarray(0, compress.run(plain, out))
  const back = Buffer.alloc(plain.length)
  const length = decompress.run(stored, back)
  return length === plain.length && back.equals(plain) && stored.equals(reference(plain))
}

function refusesDamage(decompress: ZstdContext): boolean {
  try {
    decompress.run(Buffer.from('28b52ffd000000ffffff', 'hex'), Buffer.alloc(64))
    return false
  } catch {
    return true
  } finally {
    decompress.close()
  }
}
