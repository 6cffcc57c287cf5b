// Original file: proto/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface PlannedSource {
  'source'?: (string);
  'action'?: (string);
  'bytes'?: (number | string | Long);
  'byRule'?: (boolean);
}

export interface PlannedSource__Output {
  'source': (string);
  'action': (string);
  'bytes': (number);
  'byRule': (boolean);
}
