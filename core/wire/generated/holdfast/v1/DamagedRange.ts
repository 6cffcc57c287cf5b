// Original file: proto/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface DamagedRange {
  'point'?: (string);
  'source'?: (string);
  'disk'?: (string);
  'offset'?: (number | string | Long);
  'length'?: (number | string | Long);
}

export interface DamagedRange__Output {
  'point': (string);
  'source': (string);
  'disk': (string);
  'offset': (number);
  'length': (number);
}
