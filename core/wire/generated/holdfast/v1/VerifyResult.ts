// Original file: proto/operator.proto

import type { DamagedRange as _holdfast_v1_DamagedRange, DamagedRange__Output as _holdfast_v1_DamagedRange__Output } from '../../holdfast/v1/DamagedRange.ts';
import type { Long } from '@grpc/proto-loader';

export interface VerifyResult {
  'checkedChunks'?: (number | string | Long);
  'checkedBytes'?: (number | string | Long);
  'damaged'?: (_holdfast_v1_DamagedRange)[];
}

export interface VerifyResult__Output {
  'checkedChunks': (number);
  'checkedBytes': (number);
  'damaged': (_holdfast_v1_DamagedRange__Output)[];
}
