import type { FileHandle } from 'node:fs/promises'
import { HoldfastError } from '../model/error.ts'
import type { Extent } from '../model/extent.ts'
import type { AllocatedExtent, DiskReader } from './disk.ts'
import { dataRanges } from './holes.ts'

/** Tries of one read before the sectors count as unreadable: some media give way at the second. */
const READ_TRIES = 3

export interface RawFileOptions {
  readonly path: string
  readonly sizeBytes: number
  /**
   * Whether holes may be skipped. Not for block devices, and not while somebody has the file open
   * for writing: file systems have reported holes where written data was on its way to the disk.
   */
  readonly trustHoles: boolean
}

/** A raw image or a block device: the bytes of the file are the disk. Owns the handle. */
export class RawFile implements DiskReader {
  readonly sizeBytes: number
  /** May change between two passes; see RawFileOptions. */
  trustHoles: boolean
  readonly #handle: Pick<FileHandle, 'read' | 'close' | 'fd'>
  readonly #path: string

  constructor(handle: Pick<FileHandle, 'read' | 'close' | 'fd'>, options: RawFileOptions) {
    this.#handle = handle
    this.#path = options.path
    this.sizeBytes = options.sizeBytes
    this.trustHoles = options.trustHoles
  }

  async read(offset: number, into: Uint8Array, signal?: AbortSignal): Promise<void> {
    for (let done = 0; done < into.length;) {
      signal?.throwIfAborted()
      const rest = into.subarray(done)
      const count = await this.#attempt(offset + done, rest)
      if (count === 0) throw this.#shortened(offset + done)
      done += count
    }
  }

  async #attempt(offset: number, into: Uint8Array): Promise<number> {
    for (let attempt = 1; ; attempt++) {
      try {
        return (await this.#handle.read(into, 0, into.length, offset)).bytesRead
      } catch (cause) {
        if (attempt === READ_TRIES) throw this.#unreadable(offset, into.length, cause)
      }
    }
  }

  async *allocation(signal?: AbortSignal): AsyncIterable<AllocatedExtent> {
    let at = 0
    for await (const { offset, length } of this.#data(signal)) {
      if (offset > at) yield { offset: at, length: offset - at, zero: true }
      yield { offset, length, zero: false }
      at = offset + length
    }
    if (at < this.sizeBytes) yield { offset: at, length: this.sizeBytes - at, zero: true }
  }

  #data(signal?: AbortSignal): AsyncIterable<Extent> | Extent[] {
    if (this.trustHoles) return dataRanges(this.#handle.fd, this.sizeBytes, signal)
    return this.sizeBytes > 0 ? [{ offset: 0, length: this.sizeBytes }] : []
  }

  close(): Promise<void> {
    return this.#handle.close()
  }

  #unreadable(offset: number, length: number, cause: unknown): HoldfastError {
    const why = cause instanceof Error ? cause.message : String(cause)
    return new HoldfastError(
      'source-unreadable',
      `${this.#path} cannot be read at byte ${offset}, ${length} bytes: ${why}`,
      {
        hint: 'look at the kernel log for errors of this device',
        details: { offset, length },
        cause,
      },
    )
  }

  #shortened(offset: number): HoldfastError {
    return new HoldfastError(
      'source-unsettled',
      `${this.#path} became shorter while it was read: it ends before byte ${offset}`,
      { hint: 'take the point again when nothing changes the image' },
    )
  }
}
