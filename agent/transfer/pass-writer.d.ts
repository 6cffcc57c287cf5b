import type { PushFrameOut } from '../../core/wire/frame.ts'
import { type Claim, type IdleRun } from './claims.ts'
import type { ReadReply } from './read-task.ts'
/** What a pass did so far; the numbers of its DiskEnd. */
export interface PassCounts {
  /** Chunks that are settled, in disk order. */
  chunks: number
  records: number
  readBytes: number
  comparedBytes: number
  unreadableChunks: number
  /** Bytes of the records' frames. */
  sentBytes: number
}
/**
 * Turns what the claims gave, in disk order, into the frames of a pass: records and runs rise
 * together without gap or overlap. Keeps its counts and its checksum.
 */
export declare class PassWriter {
  #private
  readonly counts: PassCounts
  constructor(ordinal: number)
  idle({ kind, start, count }: IdleRun): Generator<PushFrameOut>
  /** The frames lie in the reply's buffers: those are free again once this is through. */
  claim({ start }: Claim, reply: ReadReply): Generator<PushFrameOut>
  end(): Generator<PushFrameOut>
}
