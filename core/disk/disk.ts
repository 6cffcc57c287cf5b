import type { Extent } from '../model/extent.ts'

/** A range that reads as zeros, or that holds data. Ranges of one answer rise without gap. */
export interface AllocatedExtent extends Extent {
  readonly zero: boolean
}

/** A disk as the guest sees it. `read` fills `into` wholly or throws. */
export interface DiskReader {
  readonly sizeBytes: number
  read(offset: number, into: Uint8Array, signal?: AbortSignal): Promise<void>
  /** Which ranges hold data, from the format or the file system; never a guess. Covers the disk. */
  allocation(signal?: AbortSignal): AsyncIterable<AllocatedExtent>
  close(): Promise<void>
}

/** A disk being written. Ranges never written read as zeros afterwards. */
export interface DiskWriter {
  readonly sizeBytes: number
  write(offset: number, data: Uint8Array, signal?: AbortSignal): Promise<void>
  /** After it resolves, what was written survives power loss. */
  flush(): Promise<void>
  close(): Promise<void>
}
