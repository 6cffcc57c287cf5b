// Original file: proto/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface CheckResult {
  'comparedBytes'?: (number | string | Long);
  'differingChunks'?: (number | string | Long);
  'sentBytes'?: (number | string | Long);
}

export interface CheckResult__Output {
  'comparedBytes': (number);
  'differingChunks': (number);
  'sentBytes': (number);
}
