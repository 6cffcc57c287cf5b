import { positionOf, segmentOf, type ChunkId, type SegmentId } from '../../core/model/chunk-id.ts'
import { DIGEST_BYTES, ZERO_DIGEST } from '../../core/model/digest.ts'
import { readDamage, readSegments, type SegmentRow } from '../catalog/segments.ts'
import type { Queryable } from '../catalog/database.ts'

/** Where one chunk's record lies, and what it must hash to. */
export interface ChunkPlace {
  readonly packName: string
  readonly volume: string
  readonly offset: number
  readonly storedLength: number
  readonly codec: number
  readonly digest: Buffer
}

export interface CachedSegment extends SegmentRow {
  /** Byte offset of each position's record; computed once, 80 bytes of header included. */
  readonly offsets: readonly number[]
  readonly damaged: ReadonlySet<ChunkId>
}

const RECORD_HEADER_BYTES = 80
const DEFAULT_LIMIT = 256 // about 36 KiB and an offset table each: some 12 MiB

/** Segments that a flow has looked at, least recently used out first. */
export class SegmentCache {
  readonly #q: Queryable
  readonly #limit: () => number
  readonly #segments = new Map<SegmentId, CachedSegment>()

  constructor(q: Queryable, limit: () => number = () => DEFAULT_LIMIT) {
    this.#q = q
    this.#limit = limit
  }

  /** Reads what is not cached yet. Segments that do not exist (any more) stay absent. */
  async load(ids: Iterable<SegmentId>): Promise<void> {
    const wanted = [...new Set(ids)]
    const absent = wanted.filter((id) => !this.#touch(id))
    if (absent.length === 0) return
    const [rows, damaged] = [await readSegments(this.#q, absent), await readDamage(this.#q, absent)]
    const damagedChunks = new Set(damaged)
    for (const row of rows)
      this.#segments.set(row.id, { ...row, offsets: recordOffsets(row), damaged: damagedChunks })
    this.#shrink(wanted.length)
  }

  get(id: SegmentId): CachedSegment | undefined {
    return this.#segments.get(id)
  }

  forget(id: SegmentId): void {
    this.#segments.delete(id)
  }

  /** Digest of a chunk whose segment was loaded; undefined when it is gone or known as damaged. */
  digestOf(chunk: ChunkId): Buffer | undefined {
    if (chunk === 0) return ZERO_DIGEST
    const segment = this.#holding(chunk)
    const position = positionOf(chunk)
    return segment?.digests.subarray(position * DIGEST_BYTES, (position + 1) * DIGEST_BYTES)
  }

  /**
   * Copies the digest of each chunk into `into`, one behind the other: neighbours in the store at once, which is most of
   * a page. Chunks that have none leave their place as it is; gives the first of them.
   */
  copyDigests(chunks: readonly ChunkId[], into: Uint8Array): ChunkId | undefined {
    let lacking: ChunkId | undefined
    for (let at = 0, next = 0; at < chunks.length; at = next) {
      const first = chunks[at] ?? 0
      next = at + 1
      if (first === 0) {
        into.fill(0, at * DIGEST_BYTES, next * DIGEST_BYTES)
        continue
      }
      const segment = this.#holding(first)
      if (!segment) {
        lacking ??= first
        continue
      }
      for (let id = first + 1; chunks[next] === id && this.#holding(id) === segment; id++) next++
      const from = positionOf(first) * DIGEST_BYTES
      segment.digests.copy(into, at * DIGEST_BYTES, from, from + (next - at) * DIGEST_BYTES)
    }
    return lacking
  }

  placeOf(chunk: ChunkId): ChunkPlace | undefined {
    const segment = this.#segments.get(segmentOf(chunk))
    const position = positionOf(chunk)
    const length =
      segment && position < segment.count ? segment.lengths.readUInt32LE(position * 4) : 0
    if (!segment || length === 0) return undefined
    return {
      packName: segment.packName,
      volume: segment.volume,
      offset: segment.offsets[position] ?? 0,
      storedLength: length >>> 8,
      codec: length & 0xff,
      digest: segment.digests.subarray(position * DIGEST_BYTES, (position + 1) * DIGEST_BYTES),
    }
  }

  /** Its segment, when it was loaded and has the chunk whole. */
  #holding(chunk: ChunkId): CachedSegment | undefined {
    const segment = this.#segments.get(segmentOf(chunk))
    const position = positionOf(chunk)
    if (!segment || position >= segment.count || segment.damaged.has(chunk)) return undefined
    return segment.lengths.readUInt32LE(position * 4) === 0 ? undefined : segment
  }

  #touch(id: SegmentId): boolean {
    const segment = this.#segments.get(id)
    if (!segment) return false
    this.#segments.delete(id)
    this.#segments.set(id, segment)
    return true
  }

  #shrink(keep: number): void {
    const most = Math.max(this.#limit(), keep)
    for (const id of this.#segments.keys()) {
      if (this.#segments.size <= most) return
      this.#segments.delete(id)
    }
  }
}

function recordOffsets(row: SegmentRow): number[] {
  const offsets: number[] = []
  let at = row.baseOffset
  for (let position = 0; position < row.count; position++) {
    offsets.push(at)
    const length = row.lengths.readUInt32LE(position * 4)
    if (length !== 0) at += RECORD_HEADER_BYTES + (length >>> 8)
  }
  return offsets
}
