import type { MapPage__Output } from '../../core/wire/generated/holdfast/v1/MapPage.ts'
/** Digests to compare a claim's chunks with, 32 bytes each; 32 zero bytes match nothing. */
export interface KnownDigests {
  readonly base: Uint8Array
  readonly staged: Uint8Array
}
/**
 * Walks the map beside the scan, holding one page at a time: a map takes 32 bytes a chunk, 256 MiB
 * for each TiB. Pages come in rising order; one that does not come has nothing to compare with.
 */
export declare class MapCursor {
  #private
  constructor(pages: AsyncIterable<MapPage__Output>)
  /** For `count` chunks from `start` on, all in one page. Calls must rise. */
  digests(start: number, count: number): Promise<KnownDigests | undefined>
  /** Ends the stream, whether or not all was needed. */
  close(): Promise<void>
}
