import type { DiskEnd, DiskEnd__Output } from './generated/holdfast/v1/DiskEnd.ts'
import type { DiskRunList, DiskRunList__Output } from './generated/holdfast/v1/DiskRunList.ts'
import type { DiskRuns, DiskRuns__Output } from './generated/holdfast/v1/DiskRuns.ts'
import type { DiskSamples, DiskSamples__Output } from './generated/holdfast/v1/DiskSamples.ts'
import type { PullEnd, PullEnd__Output } from './generated/holdfast/v1/PullEnd.ts'
import type { PushEnd, PushEnd__Output } from './generated/holdfast/v1/PushEnd.ts'
import type { PushOpen, PushOpen__Output } from './generated/holdfast/v1/PushOpen.ts'

/**
 * Room that a sender leaves in front of records: the protobuf tag of field 1 and a length padded to
 * four bytes. With it a buffer of records is a valid PushFrame or PullFrame without a copy.
 */
export const FRAME_PREFIX_BYTES = 5

/** Records of one frame, prefix included: FRAME_PREFIX_BYTES of room, then whole wire records. */
export interface RecordsFrame {
  readonly records: Buffer
}

export type PushFrameOut =
  | RecordsFrame
  | { readonly open: PushOpen }
  | { readonly runs: DiskRuns }
  | { readonly diskEnd: DiskEnd }
  | { readonly end: PushEnd }
  | { readonly samples: DiskSamples }
  | { readonly changed: DiskRuns }

export type PullFrameOut = RecordsFrame | { readonly runs: DiskRuns } | { readonly end: PullEnd }

/**
 * As received: `records` is a view without the prefix, over an ArrayBuffer that holds nothing else
 * and belongs to the receiver, who may transfer it to a worker.
 */
export type PushFrameIn =
  | { readonly records: Buffer }
  | { readonly open: PushOpen__Output }
  | { readonly runs: DiskRuns__Output }
  | { readonly diskEnd: DiskEnd__Output }
  | { readonly end: PushEnd__Output }
  | { readonly samples: DiskSamples__Output }
  | { readonly changed: DiskRuns__Output }

/** As PushFrameIn. */
export type PullFrameIn =
  | { readonly records: Buffer }
  | { readonly runs: DiskRuns__Output }
  | { readonly end: PullEnd__Output }

/** A part of a point's disk, for operators. */
export type DiskFrameOut = RecordsFrame | { readonly runs: DiskRunList }

/** As PushFrameIn. */
export type DiskFrameIn = { readonly records: Buffer } | { readonly runs: DiskRunList__Output }
