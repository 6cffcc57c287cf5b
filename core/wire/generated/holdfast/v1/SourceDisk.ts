// Original file: proto/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface SourceDisk {
  'name'?: (string);
  'format'?: (string);
  'sizeBytes'?: (number | string | Long);
  'protected'?: (boolean);
  'reason'?: (string);
  '_reason'?: "reason";
}

export interface SourceDisk__Output {
  'name': (string);
  'format': (string);
  'sizeBytes': (number);
  'protected': (boolean);
  'reason'?: (string);
  '_reason'?: "reason";
}
