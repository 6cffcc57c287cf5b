import { segmentOf, type ChunkId } from '../../../core/model/chunk-id.ts'
import { DIGEST_BYTES } from '../../../core/model/digest.ts'
import { Share } from '../../../core/runtime/share.ts'
import { findHooks, hookPrefix, isHooked } from '../../catalog/hooks.ts'
import { pinSegments } from '../../catalog/pins.ts'
import type { Database, Queryable } from '../../catalog/database.ts'
import { holdFence, type Fence } from '../../catalog/fence.ts'
import { chunkId } from '../../../core/model/chunk-id.ts'
import { SegmentCache } from '../segment-cache.ts'

/**
 * Segments that uploads keep in mind, some 150 KiB each with what is found by digest: one alone 256,
 * which is 32 GiB of a disk, and however many there are each 32.
 */
export function rememberedSegments(): Share {
  return new Share(512, { least: 32, most: 256 })
}

/**
 * Finds chunks that the store has already, wherever they came from: one digest in four is looked up,
 * and a hit brings its whole segment to mind. Unseen by the agent, who sent every byte.
 */
export class Reuse {
  readonly #database: Database
  readonly #fence: Fence
  readonly #transfer: string
  readonly #segments: SegmentCache
  readonly #known = new Map<string, ChunkId>()
  readonly #remembered: number[] = []
  readonly #share: Share

  constructor(database: Database, fence: Fence, transfer: string, share: Share) {
    this.#database = database
    this.#fence = fence
    this.#transfer = transfer
    this.#share = share
    this.#segments = new SegmentCache(database, () => Infinity)
  }

  /** Call with all digests (32 bytes each) of a batch before asking for single ones. */
  async prepare(digests: Buffer): Promise<void> {
    const prefixes = new Set<number>()
    for (let at = 0; at < digests.length; at += DIGEST_BYTES)
      if (isHooked(digests, at) && !this.#known.has(keyOf(digests, at)))
        prefixes.add(hookPrefix(digests, at))
    if (prefixes.size === 0) return
    const hits = await findHooks(this.#database, [...prefixes])
    const segments = [...new Set(hits.map((hit) => segmentOf(hit.id)))].filter(
      (id) => !this.#remembered.includes(id),
    )
    if (segments.length > 0) await this.#remember(segments)
  }

  /** A live, pinned chunk with this digest, if one came to mind. */
  find(digests: Buffer, offset: number): ChunkId | undefined {
    return this.#known.get(keyOf(digests, offset))
  }

  /** Pinned first, then looked at again: only what is still there counts. */
  async #remember(segments: number[]): Promise<void> {
    await this.#database.tx(async (q: Queryable) => {
      await holdFence(q, this.#fence)
      await pinSegments(q, this.#transfer, segments)
    })
    const room = Math.max(this.#share.each - segments.length, 0)
    while (this.#remembered.length > room) this.#forgetOldest()
    await this.#segments.load(segments)
    for (const id of segments) {
      this.#remembered.push(id)
      this.#each(id, (key, chunk) => this.#known.set(key, chunk))
    }
  }

  #forgetOldest(): void {
    const oldest = this.#remembered.shift()
    if (oldest === undefined) return
    this.#each(oldest, (key, chunk) => {
      if (this.#known.get(key) === chunk) this.#known.delete(key)
    })
    this.#segments.forget(oldest)
  }

  #each(segment: number, visit: (key: string, chunk: ChunkId) => void): void {
    const row = this.#segments.get(segment)
    for (let position = 0; row && position < row.count; position++) {
      const chunk = chunkId(segment, position)
      if (this.#segments.digestOf(chunk)) visit(keyOf(row.digests, position * DIGEST_BYTES), chunk)
    }
  }
}

function keyOf(digests: Buffer, offset: number): string {
  return digests.toString('latin1', offset, offset + DIGEST_BYTES)
}
