import { isErrorCode, toHoldfastError, type ErrorCode } from '../model/error.ts'
import { chunkCount, chunkLength } from '../model/geometry.ts'
import { freeMemory } from './chunk-task.ts'
import { ReadAhead } from './read-ahead.ts'
import { isOfZeroChunk } from './zero-chunk.ts'

/** Where plain chunks come from. */
export interface ChunkFetch {
  readonly sizeBytes: number
  readonly chunkBytes: number
  /**
   * Plain bytes, one buffer a chunk, or an error for all of them. Their memory is the cache's: it
   * is freed when it needs none of it any more. Zero chunks are those of `zeroChunk`.
   */
  fetch(first: number, count: number): Promise<readonly Buffer[]>
}

export interface ChunkCacheOptions {
  /** Chunks that are not in use are let go above this. */
  readonly limitBytes?: number
  /** Most chunks of one fetch. */
  readonly mostChunks?: number
}

interface Entry {
  readonly bytes: Promise<Buffer>
  readonly length: number
  /** Fetched with others, so that its failure may be theirs. */
  readonly isShared: boolean
  isSettled: boolean
  /** Reads under way: it stays as long as there are any. */
  users: number
  memory: ArrayBuffer | undefined
}

/** Views of what is cached: not to be written to, and not to be used once they are released. */
export interface LentParts {
  readonly parts: readonly Buffer[]
  readonly release: () => void
}

const LIMIT_BYTES = 32 * 1024 * 1024
const MOST_CHUNKS = 8

/** Errors that are about single chunks: the others of the same fetch may be well. */
const OF_ONE_CHUNK: readonly ErrorCode[] = [
  'chunk-damaged',
  'chunk-missing',
  'pack-damaged',
  'source-unreadable',
]

/**
 * A disk's bytes at any place, out of chunks that are fetched as they are asked for, several at
 * once where they are neighbours, ahead where somebody reads forward.
 */
export class ChunkCache {
  readonly #source: ChunkFetch
  #limit: number
  readonly #most: number
  readonly #ahead: ReadAhead
  /** By chunk index, least recently used first. */
  readonly #entries = new Map<number, Entry>()
  /** Entries by the memory that they lie in. */
  readonly #memories = new Map<ArrayBuffer, number>()
  #bytes = 0
  #unsettled = 0

  constructor(source: ChunkFetch, options: ChunkCacheOptions = {}) {
    this.#source = source
    this.#limit = options.limitBytes ?? LIMIT_BYTES
    this.#most = options.mostChunks ?? MOST_CHUNKS
    this.#ahead = new ReadAhead(this.#most)
  }

  get sizeBytes(): number {
    return this.#source.sizeBytes
  }

  /**
   * Frees what it holds, what is in use or on its way as soon as that is over: tens of MiB that the
   * collector would come to much later.
   */
  close(): void {
    this.#limit = 0
    this.#shrink()
  }

  /** A copy of its own. */
  async read(offset: number, length: number): Promise<Buffer> {
    const lent = await this.lend(offset, length)
    try {
      return Buffer.concat(lent.parts, length)
    } finally {
      lent.release()
    }
  }

  async lend(offset: number, length: number): Promise<LentParts> {
    requireInside(offset, length, this.sizeBytes)
    const used: Entry[] = []
    const release = () => {
      for (const entry of used.splice(0)) entry.users--
      this.#shrink()
    }
    if (length === 0) return { parts: [], release }
    const { chunkBytes } = this.#source
    const first = Math.floor(offset / chunkBytes)
    const last = Math.floor((offset + length - 1) / chunkBytes)
    this.#readAhead(first, last)
    try {
      const entries = this.#want(first, last, used)
      // All of them: what one that failed leaves behind must not be freed under the others.
      const settled = await Promise.allSettled(
        entries.map((entry, at) => this.#settled(entry, first + at, used)),
      )
      const parts = settled.map((outcome, at) => {
        if (outcome.status === 'rejected') throw outcome.reason
        const start = (first + at) * chunkBytes
        return outcome.value.subarray(Math.max(0, offset - start), offset + length - start)
      })
      return { parts, release }
    } catch (error) {
      release()
      throw error
    }
  }

  /** The entries, used from now on. */
  #want(first: number, last: number, used: Entry[]): Entry[] {
    this.#fetchMissing(first, last)
    const entries: Entry[] = []
    for (let index = first; index <= last; index++) {
      const entry = this.#entries.get(index)
      if (!entry) throw new Error(`chunk ${index} was not fetched`)
      this.#entries.delete(index)
      this.#entries.set(index, entry)
      entry.users++
      used.push(entry)
      entries.push(entry)
    }
    this.#shrink()
    return entries
  }

  #fetchMissing(first: number, last: number): void {
    let start = first
    for (let index = first; index <= last + 1; index++) {
      const isGap = index <= last && !this.#entries.has(index)
      if (isGap && index - start < this.#most) continue
      if (index > start) this.#fetch(start, index - start)
      start = isGap ? index : index + 1
    }
  }

  #fetch(first: number, count: number): void {
    const fetched = this.#source.fetch(first, count)
    for (let at = 0; at < count; at++) {
      const index = first + at
      const bytes = fetched.then((chunks) => chunkOf(chunks, at))
      const length = chunkLength(index, this.sizeBytes, this.#source.chunkBytes)
      const entry: Entry = {
        ...{ bytes, length, isShared: count > 1, isSettled: false, users: 0, memory: undefined },
      }
      this.#entries.set(index, entry)
      this.#bytes += length
      this.#unsettled += length
      bytes.then(
        (chunk) => this.#arrived(entry, chunk),
        () => {
          this.#settle(entry)
          if (this.#entries.get(index) === entry) this.#remove(index, entry)
        },
      )
    }
  }

  #arrived(entry: Entry, chunk: Buffer): void {
    this.#settle(entry)
    const memory = chunk.buffer
    if (isOfZeroChunk(chunk) || !(memory instanceof ArrayBuffer)) return
    entry.memory = memory
    this.#memories.set(memory, (this.#memories.get(memory) ?? 0) + 1)
    // Later: its neighbours, which may lie in the same memory, arrive right behind it.
    if (this.#limit === 0) setImmediate(() => this.#shrink())
  }

  #settle(entry: Entry): void {
    entry.isSettled = true
    this.#unsettled -= entry.length
  }

  /** Where a whole fetch failed for one chunk's sake, the others are fetched one by one. */
  async #settled(entry: Entry, index: number, used: Entry[]): Promise<Buffer> {
    try {
      return await entry.bytes
    } catch (error) {
      if (!entry.isShared || !isOfOneChunk(error)) throw error
      if (!this.#entries.has(index)) this.#fetch(index, 1)
      const [again] = this.#want(index, index, used)
      if (!again) throw error
      return again.isShared ? this.#settled(again, index, used) : again.bytes
    }
  }

  #readAhead(first: number, last: number): void {
    const { sizeBytes, chunkBytes } = this.#source
    const end = chunkCount(sizeBytes, chunkBytes) - 1
    const hasRoom = this.#unsettled <= this.#limit * 0.75
    for (const batch of this.#ahead.after(first, last, end, hasRoom))
      this.#fetchMissing(batch.first, batch.last)
  }

  #shrink(): void {
    for (const [index, entry] of this.#entries) {
      if (this.#bytes <= this.#limit) return
      if (entry.isSettled && entry.users === 0) this.#remove(index, entry)
    }
  }

  /** Chunks of one fetch may share their memory: the last that goes takes it along. */
  #remove(index: number, { length, memory }: Entry): void {
    this.#entries.delete(index)
    this.#bytes -= length
    if (!memory) return
    const left = (this.#memories.get(memory) ?? 1) - 1
    if (left > 0) this.#memories.set(memory, left)
    else {
      this.#memories.delete(memory)
      freeMemory(memory)
    }
  }
}

function chunkOf(chunks: readonly Buffer[], at: number): Buffer {
  const chunk = chunks[at]
  if (!chunk) throw new Error(`a fetch gave ${chunks.length} chunks`)
  return chunk
}

function isOfOneChunk(error: unknown): boolean {
  const { code } = toHoldfastError(error)
  return isErrorCode(code) && OF_ONE_CHUNK.includes(code)
}

function requireInside(offset: number, length: number, sizeBytes: number): void {
  const fits =
    Number.isSafeInteger(offset) &&
    Number.isSafeInteger(length) &&
    offset >= 0 &&
    length >= 0 &&
    offset + length <= sizeBytes
  if (!fits) throw new RangeError(`a read at ${offset}, ${length} bytes, of ${sizeBytes}`)
}
