import { chunkId, type ChunkId } from '../../../core/model/chunk-id.ts'
import { DIGEST_BYTES } from '../../../core/model/digest.ts'
import { PAGE_CHUNKS } from '../../../core/model/geometry.ts'
import { RECORD_OFFSETS } from '../../../core/chunk/record.ts'
import { failpoint } from '../../../core/runtime/failpoint.ts'
import { randomId, type Random } from '../../../core/runtime/random.ts'
import { holdFence, type Fence } from '../../catalog/fence.ts'
import { insertHooks } from '../../catalog/hooks.ts'
import {
  announcePack,
  condemnPack,
  markPackSealed,
  SEGMENTS_OF_A_PACK,
} from '../../catalog/packs.ts'
import { pinSegments } from '../../catalog/pins.ts'
import { insertSegments, type NewSegment } from '../../catalog/segments.ts'
import { insertStaged } from '../../catalog/staged.ts'
import type { Database } from '../../catalog/database.ts'
import type { ChunkStore, PackWriter } from '../../store/chunk-store.ts'

export interface PackFillerOptions {
  readonly database: Database
  readonly store: ChunkStore
  readonly random: Random
  readonly fence: Fence
  readonly transfer: string
  readonly generation: number
  /** Path of a volume. */
  readonly preferredVolume?: string | null
}

interface OpenSegment {
  readonly id: number
  readonly baseOffset: number
  count: number
  readonly digests: Buffer
  readonly lengths: Buffer
}

interface OpenPack {
  readonly id: number
  readonly firstSegment: number
  readonly writer: PackWriter
  readonly segments: OpenSegment[]
}

const UNFINISHED_SEALS = 2 // packs whose sync may be under way while the next one fills

/**
 * Gives each new chunk its id and its place in a pack, and writes the rows when the pack is synced.
 * A chunk may be named by a page only after `flush`.
 */
export class PackFiller {
  storedBytes = 0
  readonly #o: PackFillerOptions
  #pack: OpenPack | undefined
  #places: number[] = []
  #chunks: ChunkId[] = []
  readonly #seals: Promise<void>[] = []

  constructor(options: PackFillerOptions) {
    this.#o = options
  }

  /** Appends one record (header with digest, stored bytes); fills its chunk id in. */
  async append(record: Buffer, place: number): Promise<ChunkId> {
    const pack = await this.#packFor(record.length)
    const segment = this.#segmentOf(pack)
    const position = segment.count++
    const id = chunkId(segment.id, position)
    record.writeBigUInt64LE(BigInt(id), RECORD_OFFSETS.place)
    const length = record.readUInt32LE(RECORD_OFFSETS.storedLength)
    const codec = record.readUInt8(RECORD_OFFSETS.codec)
    segment.lengths.writeUInt32LE(length * 256 + codec, position * 4)
    record.copy(
      segment.digests,
      position * DIGEST_BYTES,
      RECORD_OFFSETS.digest,
      RECORD_OFFSETS.digest + DIGEST_BYTES,
    )
    pack.writer.append(record)
    const full = pack.writer.drained()
    if (full) await full
    this.storedBytes += record.length
    this.note(place, id)
    return id
  }

  /** A chunk that was in the store already: staged for a resumption like a new one. */
  note(place: number, chunk: ChunkId): void {
    this.#places.push(place)
    this.#chunks.push(chunk)
  }

  /** When it resolves, all that was appended is synced and has its rows. */
  async flush(): Promise<void> {
    this.#startSeal()
    await this.#drain(0)
    if (this.#places.length > 0) await this.#stageRest()
  }

  /** Gives up the open pack; what was sealed stays staged. */
  async abandon(): Promise<void> {
    const pack = this.#pack
    this.#pack = undefined
    await Promise.allSettled(this.#seals)
    if (!pack) return
    await pack.writer.abandon()
    await this.#o.database.tx((q) => condemnPack(q, pack.id, 'its transfer failed'))
  }

  async #packFor(recordBytes: number): Promise<OpenPack> {
    if (this.#pack && !this.#fits(this.#pack, recordBytes)) {
      this.#startSeal()
      await this.#drain(UNFINISHED_SEALS)
    }
    this.#pack ??= await this.#open()
    return this.#pack
  }

  #fits(pack: OpenPack, recordBytes: number): boolean {
    const last = pack.segments.at(-1)
    const full = pack.segments.length === SEGMENTS_OF_A_PACK && last?.count === PAGE_CHUNKS
    return !full && pack.writer.hasRoom(recordBytes)
  }

  async #open(): Promise<OpenPack> {
    const { database, store, fence, generation, random } = this.#o
    const name = randomId(random, `${fence.epoch}`, 20)
    const volume = await store.chooseVolume(this.#o.preferredVolume)
    const announced = await database.tx(async (q) => {
      await holdFence(q, fence)
      return announcePack(q, { name, volume, generation }, fence)
    })
    await failpoint('pack.announced')
    const writer = await store.createPack({ name, volume, generation, ...announced })
    return { ...announced, writer, segments: [] }
  }

  #segmentOf(pack: OpenPack): OpenSegment {
    const last = pack.segments.at(-1)
    if (last && last.count < PAGE_CHUNKS) return last
    const segment = {
      id: pack.firstSegment + pack.segments.length,
      baseOffset: pack.writer.bytes,
      count: 0,
      digests: Buffer.alloc(PAGE_CHUNKS * DIGEST_BYTES),
      lengths: Buffer.alloc(PAGE_CHUNKS * 4),
    }
    pack.segments.push(segment)
    return segment
  }

  #startSeal(): void {
    const pack = this.#pack
    if (!pack) return
    this.#pack = undefined
    const batch = { places: this.#places, chunks: this.#chunks }
    this.#places = []
    this.#chunks = []
    const seal = this.#seal(pack, batch)
    seal.catch(() => {}) // awaited in order by #drain; not an unhandled rejection until then
    this.#seals.push(seal)
  }

  async #drain(allowed: number): Promise<void> {
    while (this.#seals.length > allowed) await this.#seals.shift()
  }

  async #seal(pack: OpenPack, batch: { places: number[]; chunks: ChunkId[] }): Promise<void> {
    const { database, fence, transfer } = this.#o
    const { bytes } = await pack.writer.seal()
    const segments = pack.segments.map(closed)
    await database.tx(async (q) => {
      await holdFence(q, fence)
      await insertSegments(q, pack.id, segments)
      await pinSegments(
        q,
        transfer,
        segments.map((s) => s.id),
      )
      await insertHooks(q, segments)
      await insertStaged(q, transfer, batch)
      await markPackSealed(q, pack.id, bytes)
    })
    await failpoint('segment.after-rows')
  }

  async #stageRest(): Promise<void> {
    const batch = { places: this.#places, chunks: this.#chunks }
    this.#places = []
    this.#chunks = []
    await this.#o.database.tx(async (q) => {
      await holdFence(q, this.#o.fence)
      await insertStaged(q, this.#o.transfer, batch)
    })
  }
}

function closed(segment: OpenSegment): NewSegment {
  return {
    ...segment,
    digests: segment.digests.subarray(0, segment.count * DIGEST_BYTES),
    lengths: segment.lengths.subarray(0, segment.count * 4),
  }
}
