// Original file: proto/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface Volume {
  'path'?: (string);
  'totalBytes'?: (number | string | Long);
  'freeBytes'?: (number | string | Long);
  'state'?: (string);
}

export interface Volume__Output {
  'path': (string);
  'totalBytes': (number);
  'freeBytes': (number);
  'state': (string);
}
