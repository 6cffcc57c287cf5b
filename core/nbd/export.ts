import type { AllocatedExtent } from '../disk/disk.ts'
import type { Extent } from '../model/extent.ts'

/** A part of what was read: zeros where there are no bytes. */
export interface ReadPart extends Extent {
  readonly bytes?: Uint8Array
}

/** What was read, until it is released; the bytes are not changed meanwhile. */
export interface LentRead {
  readonly parts: readonly ReadPart[]
  release(): void
}

/** One disk that a server offers, read-only. */
export interface NbdExportDisk {
  readonly name: string
  readonly sizeBytes: number
  /** What clients best ask for at once. */
  readonly preferredBytes: number
  /** The whole range, rising without gap, or an error. */
  read(offset: number, length: number): Promise<LentRead>
  /** What is data and what reads as zeros: rises without gap; may be left early. */
  allocation(offset: number, length: number): AsyncIterable<AllocatedExtent>
}
