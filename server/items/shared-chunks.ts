import type { ChunkId } from '../../core/model/chunk-id.ts'

/**
 * Plain chunks by their ids, for readers of several points: what two points have in common has one id
 * and is read once. The least recently used go first.
 */
export class SharedChunks {
  readonly #limitBytes: number
  readonly #chunks = new Map<ChunkId, Buffer>()
  #bytes = 0
  /** For measurements and tests: how many were not read from the store. */
  hits = 0

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes
  }

  /** A copy: its memory is whoever's asked for it, who frees it. */
  get(id: ChunkId): Buffer | undefined {
    const chunk = this.#chunks.get(id)
    if (!chunk) return undefined
    this.#chunks.delete(id)
    this.#chunks.set(id, chunk)
    this.hits++
    const copy = Buffer.allocUnsafeSlow(chunk.length)
    chunk.copy(copy)
    return copy
  }

  /** Copied: what it is cut out of may be much larger. */
  put(id: ChunkId, plain: Buffer): void {
    if (id === 0 || this.#chunks.has(id)) return
    this.#chunks.set(id, Buffer.from(plain))
    this.#bytes += plain.length
    for (const [oldest, chunk] of this.#chunks) {
      if (this.#bytes <= this.#limitBytes) break
      this.#chunks.delete(oldest)
      this.#bytes -= chunk.length
    }
  }
}
