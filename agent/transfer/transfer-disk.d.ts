import type { Extent } from '../../core/model/extent.ts'
import type { TokenBucket } from '../../core/runtime/token-bucket.ts'
import type { PushFrameOut } from '../../core/wire/frame.ts'
import type { MapPage__Output } from '../../core/wire/generated/holdfast/v1/MapPage.ts'
import type { SourceDisk } from '../source/source.ts'
import { type PassCounts } from './pass-writer.ts'
import type { ReadPool } from './read-pool.ts'
export interface DiskTransferOptions {
  readonly pool: ReadPool
  readonly disk: SourceDisk
  readonly ordinal: number
  readonly chunkBytes: number
  /** Compression level; 0 stores plain. */
  readonly level: number
  /** The plan's map, when it has one: base and staged digests to compare with. */
  readonly pages: AsyncIterable<MapPage__Output> | undefined
  /** Rising byte ranges of a valid change record: all else is as in the base. */
  readonly changed?: AsyncIterable<Extent> | undefined
  readonly throttle: TokenBucket
  readonly onProgress?: ((progress: DiskProgress) => void) | undefined
  readonly signal: AbortSignal
}
/** How far a pass is: `doneBytes` of the disk are settled. */
export interface DiskProgress extends PassCounts {
  readonly doneBytes: number
}
/**
 * One pass over one disk, from its bytes to the frames of a push, DiskEnd included:
 * 1. select what must be read, from the allocation and the change record (select-chunks);
 * 2. cut it into claims (claims), each with its page of the map beside it (map-cursor);
 * 3. workers read, compare and compress claims (read-claim), a few at a time;
 * 4. what they give is put back in disk order (pass-writer).
 * Memory does not grow with the disk. A frame's bytes stay valid until the next one is asked for.
 */
export declare function transferDisk(options: DiskTransferOptions): AsyncGenerator<PushFrameOut>
