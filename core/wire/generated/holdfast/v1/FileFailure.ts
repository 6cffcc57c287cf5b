// Original file: proto/files.proto

import type { Failure as _holdfast_v1_Failure, Failure__Output as _holdfast_v1_Failure__Output } from '../../holdfast/v1/Failure.ts';
import type { Long } from '@grpc/proto-loader';

export interface FileFailure {
  'path'?: (Buffer | Uint8Array | string);
  'error'?: (_holdfast_v1_Failure | null);
  'index'?: (number | string | Long);
}

export interface FileFailure__Output {
  'path': (Buffer);
  'error': (_holdfast_v1_Failure__Output | null);
  'index': (number);
}
