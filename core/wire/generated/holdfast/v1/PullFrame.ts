// Original file: proto/agent.proto

import type { DiskRuns as _holdfast_v1_DiskRuns, DiskRuns__Output as _holdfast_v1_DiskRuns__Output } from '../../holdfast/v1/DiskRuns.ts';
import type { PullEnd as _holdfast_v1_PullEnd, PullEnd__Output as _holdfast_v1_PullEnd__Output } from '../../holdfast/v1/PullEnd.ts';

export interface PullFrame {
  'records'?: (Buffer | Uint8Array | string);
  'runs'?: (_holdfast_v1_DiskRuns | null);
  'end'?: (_holdfast_v1_PullEnd | null);
  'frame'?: "records"|"runs"|"end";
}

export interface PullFrame__Output {
  'records'?: (Buffer);
  'runs'?: (_holdfast_v1_DiskRuns__Output | null);
  'end'?: (_holdfast_v1_PullEnd__Output | null);
  'frame'?: "records"|"runs"|"end";
}
