import type { AllocatedExtent } from '../../core/disk/disk.ts'
import type { Extent } from '../../core/model/extent.ts'
import { type ByteCount } from '../../core/model/geometry.ts'
/** What is known of a chunk before it is read. */
export type Selection = 'read' | 'zero' | 'base'
/** Runs of one pass rise without gap and cover the disk; neighbours may be of one kind. */
export interface SelectedRun {
  readonly selection: Selection
  readonly start: number
  readonly count: number
}
export interface DiskShape {
  readonly sizeBytes: ByteCount
  readonly chunkBytes: ByteCount
}
/**
 * Which chunks of a disk must be read. With `changed` (rising byte ranges of a valid change record)
 * only those count and the others are as in the base; without, every chunk that is not wholly
 * inside zero ranges. What `allocation` does not mention is read: doubt means scan.
 */
export declare function selectChunks(
  disk: DiskShape,
  allocation: AsyncIterable<AllocatedExtent>,
  changed?: AsyncIterable<Extent>,
): AsyncIterable<SelectedRun>
