// Original file: proto/operator.proto

import type { Failure as _holdfast_v1_Failure, Failure__Output as _holdfast_v1_Failure__Output } from '../../holdfast/v1/Failure.ts';

export interface TransferStart {
  'source'?: (string);
  'job'?: (string);
  'error'?: (_holdfast_v1_Failure | null);
  '_job'?: "job";
  '_error'?: "error";
}

export interface TransferStart__Output {
  'source': (string);
  'job'?: (string);
  'error'?: (_holdfast_v1_Failure__Output | null);
  '_job'?: "job";
  '_error'?: "error";
}
