// Original file: proto/operator.proto

import type { FileDifference as _holdfast_v1_FileDifference, FileDifference__Output as _holdfast_v1_FileDifference__Output } from '../../holdfast/v1/FileDifference.ts';
import type { Long } from '@grpc/proto-loader';

export interface FileComparison {
  'differences'?: (_holdfast_v1_FileDifference)[];
  'warnings'?: (string)[];
  'walked'?: (number | string | Long);
}

export interface FileComparison__Output {
  'differences': (_holdfast_v1_FileDifference__Output)[];
  'warnings': (string)[];
  'walked': (number);
}
