// Original file: proto/agent.proto

import type { PushOpen as _holdfast_v1_PushOpen, PushOpen__Output as _holdfast_v1_PushOpen__Output } from '../../holdfast/v1/PushOpen.ts';
import type { DiskRuns as _holdfast_v1_DiskRuns, DiskRuns__Output as _holdfast_v1_DiskRuns__Output } from '../../holdfast/v1/DiskRuns.ts';
import type { DiskEnd as _holdfast_v1_DiskEnd, DiskEnd__Output as _holdfast_v1_DiskEnd__Output } from '../../holdfast/v1/DiskEnd.ts';
import type { PushEnd as _holdfast_v1_PushEnd, PushEnd__Output as _holdfast_v1_PushEnd__Output } from '../../holdfast/v1/PushEnd.ts';
import type { DiskSamples as _holdfast_v1_DiskSamples, DiskSamples__Output as _holdfast_v1_DiskSamples__Output } from '../../holdfast/v1/DiskSamples.ts';

export interface PushFrame {
  'records'?: (Buffer | Uint8Array | string);
  'open'?: (_holdfast_v1_PushOpen | null);
  'runs'?: (_holdfast_v1_DiskRuns | null);
  'diskEnd'?: (_holdfast_v1_DiskEnd | null);
  'end'?: (_holdfast_v1_PushEnd | null);
  'samples'?: (_holdfast_v1_DiskSamples | null);
  'changed'?: (_holdfast_v1_DiskRuns | null);
  'frame'?: "records"|"open"|"runs"|"diskEnd"|"end"|"samples"|"changed";
}

export interface PushFrame__Output {
  'records'?: (Buffer);
  'open'?: (_holdfast_v1_PushOpen__Output | null);
  'runs'?: (_holdfast_v1_DiskRuns__Output | null);
  'diskEnd'?: (_holdfast_v1_DiskEnd__Output | null);
  'end'?: (_holdfast_v1_PushEnd__Output | null);
  'samples'?: (_holdfast_v1_DiskSamples__Output | null);
  'changed'?: (_holdfast_v1_DiskRuns__Output | null);
  'frame'?: "records"|"open"|"runs"|"diskEnd"|"end"|"samples"|"changed";
}
