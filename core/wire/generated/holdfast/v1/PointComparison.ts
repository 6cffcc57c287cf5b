// Original file: proto/operator.proto

import type { DiskComparison as _holdfast_v1_DiskComparison, DiskComparison__Output as _holdfast_v1_DiskComparison__Output } from '../../holdfast/v1/DiskComparison.ts';
import type { Long } from '@grpc/proto-loader';

export interface PointComparison {
  'from'?: (string);
  'to'?: (string);
  'differingBytes'?: (number | string | Long);
  'disks'?: (_holdfast_v1_DiskComparison)[];
}

export interface PointComparison__Output {
  'from': (string);
  'to': (string);
  'differingBytes': (number);
  'disks': (_holdfast_v1_DiskComparison__Output)[];
}
