// Original file: proto/agent.proto

import type { PlannedDisk as _holdfast_v1_PlannedDisk, PlannedDisk__Output as _holdfast_v1_PlannedDisk__Output } from '../../holdfast/v1/PlannedDisk.ts';
import type { Long } from '@grpc/proto-loader';

export interface PlanRequest {
  'job'?: (string);
  'epoch'?: (number | string | Long);
  'transfer'?: (string);
  'disks'?: (_holdfast_v1_PlannedDisk)[];
}

export interface PlanRequest__Output {
  'job': (string);
  'epoch': (number);
  'transfer': (string);
  'disks': (_holdfast_v1_PlannedDisk__Output)[];
}
