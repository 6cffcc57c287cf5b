import type { PlainSink } from '../../core/chunk/restore-pool.ts'
import type { PartPiece__Output } from '../../core/wire/generated/holdfast/v1/PartPiece.ts'

export type WriteAt = (offset: number, bytes: Uint8Array) => Promise<void>

/** Takes bytes of a disk; what belongs to the part goes to its place there. */
export function partSink(piece: PartPiece__Output, write: WriteAt): Extract<PlainSink, object> {
  return {
    async write(diskOffset: number, bytes: Uint8Array) {
      for (const { from, target, length } of runsOf(piece, diskOffset, bytes.length))
        await write(target, bytes.subarray(from - diskOffset, from - diskOffset + length))
    },
  }
}

export interface PartRun {
  /** On the disk. */
  readonly from: number
  readonly target: number
  readonly length: number
}

/** What of [offset, offset + length) of a disk belongs to the part, and where. */
export function* runsOf(
  piece: PartPiece__Output,
  offset: number,
  length: number,
): Generator<PartRun> {
  const { diskOffset, runBytes, targetOffset, targetStride } = piece
  const end = Math.min(offset + length, diskOffset + piece.length)
  for (let from = Math.max(offset, diskOffset); from < end;) {
    const run = Math.floor((from - diskOffset) / runBytes)
    const within = (from - diskOffset) % runBytes
    const step = Math.min(runBytes - within, end - from)
    yield { from, target: targetOffset + run * targetStride + within, length: step }
    from += step
  }
}
