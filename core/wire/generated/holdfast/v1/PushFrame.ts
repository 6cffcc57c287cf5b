// Original file: proto/agent.proto

import type { PushOpen as _holdfast_v1_PushOpen, PushOpen__Output as _holdfast_v1_PushOpen__Output } from '../../holdfast/v1/PushOpen.ts';
import type { DiskRuns as _holdfast_v1_DiskRuns, DiskRuns__Output as _holdfast_v1_DiskRuns__Output } from '../../holdfast/v1/DiskRuns.ts';
import type { DiskEnd as _holdfast_v1_DiskEnd, DiskEnd__Output as _holdfast_v1_DiskEnd__Output } from '../../holdfast/v1/DiskEnd.ts';
import type { PushEnd as _holdfast_v1_PushEnd, PushEnd__Output as _holdfast_v1_PushEnd__Output } from '../../holdfast/v1/PushEnd.ts';

export interface PushFrame {
  'records'?: (Buffer | Uint8Array | string);
  'open'?: (_holdfast_v1_PushOpen | null);
  'runs'?: (_holdfast_v1_DiskRuns | null);
  'diskEnd'?: (_holdfast_v1_DiskEnd | null);
  'end'?: (_holdfast_v1_PushEnd | null);
  'frame'?: "records"|"open"|"runs"|"diskEnd"|"end";
}

export interface PushFrame__Output {
  'records'?: (Buffer);
  'open'?: (_holdfast_v1_PushOpen__Output | null);
  'runs'?: (_holdfast_v1_DiskRuns__Output | null);
  'diskEnd'?: (_holdfast_v1_DiskEnd__Output | null);
  'end'?: (_holdfast_v1_PushEnd__Output | null);
  'frame'?: "records"|"open"|"runs"|"diskEnd"|"end";
}
