import type { AllocatedExtent, DiskReader } from '../../core/disk/disk.ts'
import { HoldfastError, toHoldfastError } from '../../core/model/error.ts'
import type { Extent } from '../../core/model/extent.ts'
import { NbdClient } from '../../core/nbd/client.ts'
import { NbdDiskReader } from '../../core/nbd/nbd-disk.ts'
import { BASE_ALLOCATION } from '../../core/nbd/protocol.ts'

/** A bit of `qemu:dirty-bitmap:*`. */
const STATE_DIRTY = 1
const PROBE_BYTES = 512
/**
 * What the filter copies at once. QEMU 7.2 answers one read over several of these with new data where
 * only some of them were copied: a piece never leaves its own.
 */
const UNIT_BYTES = 64 * 1024

export interface FrozenExport {
  readonly socket: string
  readonly exportName: string
  /** Name of the bitmap that the export shows; undefined: none. */
  readonly bitmap: string | undefined
}

/**
 * A disk as of the instant. When the scratch space is full, or QEMU could not copy in time, the
 * guest goes on and the view is broken as a whole: that is an error of the job, and never a sector
 * that cannot be read.
 */
export class FrozenReader implements DiskReader {
  readonly sizeBytes: number
  readonly #client: NbdClient
  readonly #reader: NbdDiskReader
  readonly #bitmap: string | undefined

  private constructor(client: NbdClient, bitmap: string | undefined) {
    this.#client = client
    this.#reader = new NbdDiskReader(client)
    this.#bitmap = bitmap
    this.sizeBytes = client.sizeBytes
  }

  static async open({ socket, exportName, bitmap }: FrozenExport): Promise<FrozenReader> {
    const context = bitmap === undefined ? undefined : `qemu:dirty-bitmap:${bitmap}`
    const contexts = [BASE_ALLOCATION, ...(context === undefined ? [] : [context])]
    const client = await NbdClient.connect({ path: socket }, { exportName, contexts })
    if (context === undefined || client.hasContext(context))
      return new FrozenReader(client, context)
    await client.close()
    throw new HoldfastError('hypervisor-failed', `the export does not show the bitmap ${bitmap}`)
  }

  async read(offset: number, into: Uint8Array, signal?: AbortSignal): Promise<void> {
    const reads: Promise<void>[] = []
    for (let at = 0; at < into.length;) {
      const end = Math.min(into.length, nextUnit(offset + at) - offset)
      reads.push(this.#client.read(offset + at, into.subarray(at, end), signal))
      at = end
    }
    // All must end before the buffer is its owner's again, also when one fails.
    const failed = (await Promise.allSettled(reads)).find((one) => one.status === 'rejected')
    if (!failed) return
    signal?.throwIfAborted()
    await this.requireWhole(failed.reason)
    throw failed.reason
  }

  async *allocation(signal?: AbortSignal): AsyncIterable<AllocatedExtent> {
    try {
      yield* this.#reader.allocation(signal)
    } catch (error) {
      signal?.throwIfAborted()
      await this.requireWhole(error)
      throw error
    }
  }

  /** What was written since the base, in rising order. Only where the export shows the bitmap. */
  async *changed(signal?: AbortSignal): AsyncIterable<Extent> {
    if (this.#bitmap === undefined) throw new RangeError('this view has no change record')
    try {
      for await (const { offset, length, flags } of this.#client.statuses(this.#bitmap, signal))
        if ((flags & STATE_DIRTY) !== 0) yield { offset, length }
    } catch (error) {
      signal?.throwIfAborted()
      await this.requireWhole(error)
      throw error
    }
  }

  /** Throws snapshot-broken when nothing can be read any more; passes a single bad sector. */
  async requireWhole(cause?: unknown): Promise<void> {
    const last = Math.max(0, this.sizeBytes - PROBE_BYTES)
    const middle = Math.floor(last / 2 / PROBE_BYTES) * PROBE_BYTES
    let failure: unknown
    for (const offset of [0, middle, last]) {
      try {
        const length = Math.min(PROBE_BYTES, this.sizeBytes)
        return await this.#client.read(offset, Buffer.alloc(length))
      } catch (error) {
        failure = error
      }
    }
    throw broken(cause ?? failure)
  }

  close(): Promise<void> {
    return this.#client.close()
  }
}

function nextUnit(offset: number): number {
  return (Math.floor(offset / UNIT_BYTES) + 1) * UNIT_BYTES
}

function broken(cause: unknown): HoldfastError {
  const { message } = toHoldfastError(cause)
  return new HoldfastError('snapshot-broken', `the frozen view of the disk is lost: ${message}`, {
    hint: 'The guest wrote faster than old content could be put aside, or the scratch space was full. The guest has not noticed; the next point goes on from the last one.',
    cause,
  })
}
