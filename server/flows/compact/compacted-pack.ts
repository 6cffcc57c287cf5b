import { failpoint } from '../../../core/runtime/failpoint.ts'
import { randomId } from '../../../core/runtime/random.ts'
import type { PackToCompact } from '../../catalog/compactable.ts'
import { holdFence } from '../../catalog/fence.ts'
import type { CopiedSegment } from '../../catalog/move-segments.ts'
import { announcePack, condemnPack, SEGMENTS_OF_A_PACK } from '../../catalog/packs.ts'
import type { PackWriter } from '../../store/chunk-store.ts'
import type { CompactDeps } from '../compact.ts'
import {
  copyLiveRecords,
  storedBytes,
  type CopyOutcome,
  type SegmentToCopy,
} from './copy-segment.ts'

const FOOTER_BYTES_A_CHUNK = 60

/** A new pack that takes the live chunks of old ones. */
export class CompactedPack {
  readonly id: number
  readonly copied: CopiedSegment[] = []
  readonly #deps: CompactDeps
  readonly #writer: PackWriter

  private constructor(id: number, writer: PackWriter, deps: CompactDeps) {
    this.id = id
    this.#writer = writer
    this.#deps = deps
  }

  static async announce(deps: CompactDeps): Promise<CompactedPack> {
    const { database, store, fence, random } = deps
    const name = randomId(random, `${fence.epoch}`, 20)
    const volume = await store.chooseVolume()
    const { generation } = await store.readMarker()
    const announced = await database.tx(async (q) => {
      await holdFence(q, fence)
      return announcePack(q, { name, volume, generation }, fence)
    })
    await failpoint('pack.announced')
    const { id, firstSegment } = announced
    const writer = await store.createPack({
      name,
      volume,
      generation,
      firstSegment,
      fromReserve: true,
    })
    return new CompactedPack(id, writer, deps)
  }

  /** For all that lives of it: a segment lies in one piece. */
  hasRoomFor(segment: SegmentToCopy): boolean {
    return (
      this.copied.length < SEGMENTS_OF_A_PACK &&
      this.#writer.hasRoom(storedBytes(segment) + segment.count * FOOTER_BYTES_A_CHUNK)
    )
  }

  async copy(pack: PackToCompact, segment: SegmentToCopy): Promise<CopyOutcome> {
    const baseOffset = this.#writer.bytes
    const outcome = await copyLiveRecords(this.#deps.store, pack, segment, this.#writer)
    // A segment of which something is damaged stays as it is; its copies here are never named.
    if (outcome.damaged.length === 0)
      this.copied.push({
        id: segment.id,
        fromPack: pack.id,
        fromOffset: segment.baseOffset,
        count: segment.count,
        digests: segment.digests,
        baseOffset,
        lengths: outcome.lengths,
      })
    return outcome
  }

  async seal(): Promise<number> {
    return (await this.#writer.seal()).bytes
  }

  async abandon(): Promise<void> {
    await this.#writer.abandon()
    await this.#deps.database.tx((q) => condemnPack(q, this.id, 'its compaction failed'))
  }
}
