// Original file: proto/agent.proto

import type { RestoreDisk as _holdfast_v1_RestoreDisk, RestoreDisk__Output as _holdfast_v1_RestoreDisk__Output } from '../../holdfast/v1/RestoreDisk.ts';
import type { PartPiece as _holdfast_v1_PartPiece, PartPiece__Output as _holdfast_v1_PartPiece__Output } from '../../holdfast/v1/PartPiece.ts';
import type { PartitionMark as _holdfast_v1_PartitionMark, PartitionMark__Output as _holdfast_v1_PartitionMark__Output } from '../../holdfast/v1/PartitionMark.ts';
import type { Long } from '@grpc/proto-loader';

export interface PartWork {
  'name'?: (string);
  'sizeBytes'?: (number | string | Long);
  'disks'?: (_holdfast_v1_RestoreDisk)[];
  'pieces'?: (_holdfast_v1_PartPiece)[];
  'partition'?: (_holdfast_v1_PartitionMark | null);
  '_partition'?: "partition";
}

export interface PartWork__Output {
  'name': (string);
  'sizeBytes': (number);
  'disks': (_holdfast_v1_RestoreDisk__Output)[];
  'pieces': (_holdfast_v1_PartPiece__Output)[];
  'partition'?: (_holdfast_v1_PartitionMark__Output | null);
  '_partition'?: "partition";
}
