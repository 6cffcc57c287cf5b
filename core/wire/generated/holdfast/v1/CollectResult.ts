// Original file: proto/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface CollectResult {
  'freedBytes'?: (number | string | Long);
  'removedSegments'?: (number | string | Long);
  'removedPacks'?: (number | string | Long);
  'rewrittenBytes'?: (number | string | Long);
}

export interface CollectResult__Output {
  'freedBytes': (number);
  'removedSegments': (number);
  'removedPacks': (number);
  'rewrittenBytes': (number);
}
