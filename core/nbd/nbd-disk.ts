import type { AllocatedExtent, DiskReader, DiskWriter } from '../disk/disk.ts'
import type { NbdClient } from './client.ts'
import { BASE_ALLOCATION, STATE_ZERO } from './protocol.ts'

/** Larger requests make QEMU allocate bounce buffers; smaller ones cost round trips. */
const PIECE_BYTES = 256 * 1024

/** An NBD export read as a disk. Owns the connection. */
export class NbdDiskReader implements DiskReader {
  readonly sizeBytes: number
  readonly #client: NbdClient

  constructor(client: NbdClient) {
    this.#client = client
    this.sizeBytes = client.sizeBytes
  }

  async read(offset: number, into: Uint8Array, signal?: AbortSignal): Promise<void> {
    await inPieces(into, (at, piece) => this.#client.read(offset + at, piece, signal))
  }

  async *allocation(signal?: AbortSignal): AsyncIterable<AllocatedExtent> {
    if (!this.#client.hasContext(BASE_ALLOCATION)) {
      if (this.sizeBytes > 0) yield { offset: 0, length: this.sizeBytes, zero: false }
      return
    }
    for await (const { offset, length, flags } of this.#client.statuses(BASE_ALLOCATION, signal))
      yield { offset, length, zero: (flags & STATE_ZERO) !== 0 }
  }

  close(): Promise<void> {
    return this.#client.close()
  }
}

/** An NBD export written as a disk. Owns the connection. */
export class NbdDiskWriter implements DiskWriter {
  readonly sizeBytes: number
  readonly #client: NbdClient

  constructor(client: NbdClient) {
    this.#client = client
    this.sizeBytes = client.sizeBytes
  }

  async write(offset: number, data: Uint8Array, signal?: AbortSignal): Promise<void> {
    await inPieces(data, (at, piece) => this.#client.write(offset + at, piece, signal))
  }

  flush(): Promise<void> {
    return this.#client.flush()
  }

  close(): Promise<void> {
    return this.#client.close()
  }
}

/** All pieces at once; settles when the last has, so that nothing touches the buffer afterwards. */
async function inPieces(
  bytes: Uint8Array,
  transfer: (at: number, piece: Uint8Array) => Promise<void>,
): Promise<void> {
  const transfers: Promise<void>[] = []
  for (let at = 0; at < bytes.length; at += PIECE_BYTES)
    transfers.push(transfer(at, bytes.subarray(at, at + PIECE_BYTES)))
  for (const outcome of await Promise.allSettled(transfers))
    if (outcome.status === 'rejected') throw outcome.reason
}
