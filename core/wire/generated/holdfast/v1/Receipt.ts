// Original file: proto/agent.proto

import type { DiskReceipt as _holdfast_v1_DiskReceipt, DiskReceipt__Output as _holdfast_v1_DiskReceipt__Output } from '../../holdfast/v1/DiskReceipt.ts';
import type { Long } from '@grpc/proto-loader';

export interface Receipt {
  'committed'?: (boolean);
  'versionUid'?: (string);
  'version'?: (number | string | Long);
  'point'?: (string);
  'records'?: (number | string | Long);
  'receivedBytes'?: (number | string | Long);
  'storedBytes'?: (number | string | Long);
  'duplicateChunks'?: (number | string | Long);
  'disks'?: (_holdfast_v1_DiskReceipt)[];
}

export interface Receipt__Output {
  'committed': (boolean);
  'versionUid': (string);
  'version': (number);
  'point': (string);
  'records': (number);
  'receivedBytes': (number);
  'storedBytes': (number);
  'duplicateChunks': (number);
  'disks': (_holdfast_v1_DiskReceipt__Output)[];
}
