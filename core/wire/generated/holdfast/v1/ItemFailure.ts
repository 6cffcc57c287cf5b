// Original file: proto/files.proto

import type { Failure as _holdfast_v1_Failure, Failure__Output as _holdfast_v1_Failure__Output } from '../../holdfast/v1/Failure.ts';

export interface ItemFailure {
  'path'?: (string);
  'encoded'?: (boolean);
  'error'?: (_holdfast_v1_Failure | null);
}

export interface ItemFailure__Output {
  'path': (string);
  'encoded': (boolean);
  'error': (_holdfast_v1_Failure__Output | null);
}
