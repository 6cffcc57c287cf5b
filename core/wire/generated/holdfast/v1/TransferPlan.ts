// Original file: proto/agent.proto

import type { PlannedTransferDisk as _holdfast_v1_PlannedTransferDisk, PlannedTransferDisk__Output as _holdfast_v1_PlannedTransferDisk__Output } from '../../holdfast/v1/PlannedTransferDisk.ts';

export interface TransferPlan {
  'transfer'?: (string);
  'versionUid'?: (string);
  'baseUid'?: (string);
  'compressionLevel'?: (number);
  'disks'?: (_holdfast_v1_PlannedTransferDisk)[];
  'alreadyCommitted'?: (boolean);
}

export interface TransferPlan__Output {
  'transfer': (string);
  'versionUid': (string);
  'baseUid': (string);
  'compressionLevel': (number);
  'disks': (_holdfast_v1_PlannedTransferDisk__Output)[];
  'alreadyCommitted': (boolean);
}
