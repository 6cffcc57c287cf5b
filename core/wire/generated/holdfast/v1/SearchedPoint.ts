// Original file: proto/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface SearchedPoint {
  'point'?: (string);
  'walked'?: (number | string | Long);
  'reused'?: (number);
}

export interface SearchedPoint__Output {
  'point': (string);
  'walked': (number);
  'reused': (number);
}
