import type { PlainSink } from '../../core/chunk/restore-pool.ts'
import type { ChunkIndex } from '../../core/model/geometry.ts'

/** A disk being written, in whatever it is written into. */
export interface DiskTarget {
  /** Where plain bytes go, in any order. */
  readonly sink: PlainSink
  /** Chunks that are all zero. A fresh target reads as zeros anyway; a used one has to be told. */
  zeros(start: ChunkIndex, count: number): Promise<void>
  /** Hears of plain bytes that the sink has. */
  wrote(bytes: number): void
  /** After it resolves what was written survives power loss; the target is closed. */
  finish(): Promise<void>
  /** Lets go of the target; what was written of it stays for the undo to remove. */
  abandon(): Promise<void>
}
