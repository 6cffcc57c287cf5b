import { ChunkCache } from '../../core/chunk/chunk-cache.ts'
import type { PlainBytes, PlainPool } from '../../core/chunk/plain-pool.ts'
import { isOfZeroChunk, zeroChunk } from '../../core/chunk/zero-chunk.ts'
import type { AllocatedExtent } from '../../core/disk/disk.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { chunkLength } from '../../core/model/geometry.ts'
import type { NbdExportDisk, ReadPart } from '../../core/nbd/export.ts'
import type { OperatorClient } from '../../core/wire/operator-client.ts'
import type { DiskConnection, OpenedDisk } from './disk-connection.ts'

const STALL_MS = 60_000
/** 4 MiB at the usual size of chunks: large enough that a call costs nothing beside its bytes. */
const MOST_BYTES = 4 * 1024 * 1024
const CACHE_BYTES = 48 * 1024 * 1024
/** The server is asked for the allocation of so many chunks at once, and that is remembered. */
const RUN_CHUNKS = 32 * 1024

export interface RemoteDiskDeps {
  readonly client: OperatorClient
  readonly pool: PlainPool
}

/** A disk of a point, read through the server: proven here by its digests, chunk by chunk. */
export function remoteDisk(
  { client, pool }: RemoteDiskDeps,
  connection: DiskConnection,
  opened: OpenedDisk,
): NbdExportDisk {
  const { disk: name, sizeBytes, chunkBytes, ordinal } = opened
  const restored = { ordinal, name, sizeBytes, chunkBytes }
  const fetch = (first: number, count: number) =>
    connection.during(async (session, signal) => {
      const chunks = new FetchedChunks(opened, first, count)
      const request = { session, firstChunk: first, count }
      for await (const frame of client.readDisk(request, { signal, stallMs: STALL_MS })) {
        if ('records' in frame) chunks.take(await pool.plain(frame.records, restored))
        else for (const run of frame.runs.runs) chunks.zero(run.start, run.count)
      }
      return chunks.finish()
    })
  const mostChunks = Math.min(64, Math.max(1, MOST_BYTES / chunkBytes))
  const cache = new ChunkCache(
    { sizeBytes, chunkBytes, fetch },
    { limitBytes: CACHE_BYTES, mostChunks },
  )
  const allocation = new RemoteAllocation(client, connection, opened)
  return {
    ...{ name, sizeBytes, preferredBytes: chunkBytes },
    read: async (offset, length) => {
      const { parts, release } = await cache.lend(offset, length)
      return { parts: toParts(offset, parts), release }
    },
    allocation: (offset, length) => allocation.extents(offset, length),
  }
}

function toParts(offset: number, pieces: readonly Buffer[]): ReadPart[] {
  let at = offset
  return pieces.map((bytes) => {
    const part = { offset: at, length: bytes.length, ...(isOfZeroChunk(bytes) ? {} : { bytes }) }
    at += bytes.length
    return part
  })
}

/** What one call brings, put together. */
class FetchedChunks {
  readonly #opened: OpenedDisk
  readonly #first: number
  readonly #chunks: (Buffer | undefined)[]

  constructor(opened: OpenedDisk, first: number, count: number) {
    this.#opened = opened
    this.#first = first
    this.#chunks = Array.from({ length: count }, () => undefined)
  }

  /** Whole chunks, which stay where they are. */
  take(pieces: readonly PlainBytes[]): void {
    const { chunkBytes } = this.#opened
    for (const { offset, bytes } of pieces)
      for (let at = 0; at < bytes.length; at += chunkBytes)
        this.#put((offset + at) / chunkBytes, bytes.subarray(at, at + chunkBytes))
  }

  zero(start: number, count: number): void {
    const { sizeBytes, chunkBytes } = this.#opened
    for (let index = start; index < start + count; index++)
      this.#put(index, zeroChunk(chunkLength(index, sizeBytes, chunkBytes)))
  }

  finish(): Buffer[] {
    return this.#chunks.map((chunk, at) => {
      if (chunk) return chunk
      throw new HoldfastError('protocol-violation', `the server left out chunk ${this.#first + at}`)
    })
  }

  #put(index: number, bytes: Buffer): void {
    const at = index - this.#first
    if (!Number.isInteger(at) || at < 0 || at >= this.#chunks.length || this.#chunks[at])
      throw new HoldfastError('protocol-violation', `the server sent chunk ${index} unasked`)
    this.#chunks[at] = bytes
  }
}

/** Zero ranges of the disk, a window of the map at a time. */
class RemoteAllocation {
  readonly #client: OperatorClient
  readonly #connection: DiskConnection
  readonly #opened: OpenedDisk
  readonly #windows = new Map<number, Promise<readonly AllocatedExtent[]>>()

  constructor(client: OperatorClient, connection: DiskConnection, opened: OpenedDisk) {
    this.#client = client
    this.#connection = connection
    this.#opened = opened
  }

  async *extents(offset: number, length: number): AsyncIterable<AllocatedExtent> {
    const end = offset + length
    const windowBytes = RUN_CHUNKS * this.#opened.chunkBytes
    for (let window = Math.floor(offset / windowBytes); window * windowBytes < end; window++)
      for (const extent of await this.#window(window)) {
        const start = Math.max(extent.offset, offset)
        const stop = Math.min(extent.offset + extent.length, end)
        if (start < stop) yield { offset: start, length: stop - start, zero: extent.zero }
      }
  }

  #window(window: number): Promise<readonly AllocatedExtent[]> {
    const known = this.#windows.get(window)
    if (known) return known
    const read = this.#read(window)
    read.catch(() => this.#windows.delete(window))
    if (this.#windows.size >= KEPT_WINDOWS) this.#windows.clear()
    this.#windows.set(window, read)
    return read
  }

  async #read(window: number): Promise<readonly AllocatedExtent[]> {
    const { sizeBytes, chunkBytes } = this.#opened
    const first = window * RUN_CHUNKS
    const chunks = Math.ceil(sizeBytes / chunkBytes)
    const count = Math.min(RUN_CHUNKS, chunks - first)
    const { runs } = await this.#connection.during((session) =>
      this.#client.getDiskRuns({ session, firstChunk: first, count }),
    )
    const zeros = runs.filter(({ kind }) => kind === 'ZERO')
    const extents: AllocatedExtent[] = []
    const add = (from: number, to: number, zero: boolean) => {
      const [offset, stop] = [from * chunkBytes, Math.min(to * chunkBytes, sizeBytes)]
      if (offset < stop) extents.push({ offset, length: stop - offset, zero })
    }
    let at = first
    for (const { start, count: zeroChunks } of zeros) {
      add(at, start, false)
      add(start, start + zeroChunks, true)
      at = start + zeroChunks
    }
    add(at, first + count, false)
    return extents
  }
}

const KEPT_WINDOWS = 64
