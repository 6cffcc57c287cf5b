import { isErrorCode, toHoldfastError, type ErrorCode } from '../model/error.ts'
import { chunkCount, chunkLength } from '../model/geometry.ts'
import { ReadAhead } from './read-ahead.ts'

/** Where plain chunks come from. */
export interface ChunkFetch {
  readonly sizeBytes: number
  readonly chunkBytes: number
  /** Plain bytes, one buffer a chunk, or an error for all of them. */
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
  readonly #limit: number
  readonly #most: number
  readonly #ahead: ReadAhead
  /** By chunk index, least recently used first. */
  readonly #entries = new Map<number, Entry>()
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

  /** A copy of its own. */
  async read(offset: number, length: number): Promise<Buffer> {
    const parts = await this.parts(offset, length)
    return Buffer.concat(parts, length)
  }

  /** The same as views of what is cached: not to be written to. */
  async parts(offset: number, length: number): Promise<Buffer[]> {
    requireInside(offset, length, this.sizeBytes)
    if (length === 0) return []
    const { chunkBytes } = this.#source
    const [first, last] = [offset, offset + length - 1].map((at) => Math.floor(at / chunkBytes))
    this.#readAhead(first ?? 0, last ?? 0)
    const entries = this.#want(first ?? 0, last ?? 0)
    const chunks = await Promise.all(
      entries.map((entry, at) => this.#settled(entry, (first ?? 0) + at)),
    )
    return chunks.map((chunk, at) => {
      const start = ((first ?? 0) + at) * chunkBytes
      return chunk.subarray(Math.max(0, offset - start), offset + length - start)
    })
  }

  #want(first: number, last: number): Entry[] {
    this.#fetchMissing(first, last)
    const entries: Entry[] = []
    for (let index = first; index <= last; index++) {
      const entry = this.#entries.get(index)
      if (!entry) throw new Error(`chunk ${index} was not fetched`)
      this.#entries.delete(index)
      this.#entries.set(index, entry)
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
      const entry: Entry = { bytes, length, isShared: count > 1, isSettled: false }
      this.#entries.set(index, entry)
      this.#bytes += length
      this.#unsettled += length
      const settle = () => {
        entry.isSettled = true
        this.#unsettled -= length
      }
      bytes.then(settle, () => {
        settle()
        if (this.#entries.get(index) === entry) this.#remove(index, entry)
      })
    }
  }

  /** Where a whole fetch failed for one chunk's sake, the others are fetched one by one. */
  async #settled(entry: Entry, index: number): Promise<Buffer> {
    try {
      return await entry.bytes
    } catch (error) {
      if (!entry.isShared || !isOfOneChunk(error)) throw error
      const [again] = this.#entries.has(index) ? this.#want(index, index) : this.#alone(index)
      if (!again) throw error
      return again.isShared ? this.#settled(again, index) : again.bytes
    }
  }

  #alone(index: number): Entry[] {
    this.#fetch(index, 1)
    return this.#want(index, index)
  }

  /** In front of the read itself: what is missing of it is then fetched with what follows. */
  #readAhead(first: number, last: number): void {
    const { sizeBytes, chunkBytes } = this.#source
    const end = chunkCount(sizeBytes, chunkBytes) - 1
    const hasRoom = this.#unsettled <= this.#limit / 2
    for (const batch of this.#ahead.after(first, last, end, hasRoom))
      this.#fetchMissing(batch.first, batch.last)
  }

  #shrink(): void {
    for (const [index, entry] of this.#entries) {
      if (this.#bytes <= this.#limit) return
      if (entry.isSettled) this.#remove(index, entry)
    }
  }

  #remove(index: number, entry: Entry): void {
    this.#entries.delete(index)
    this.#bytes -= entry.length
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
