// Original file: proto/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface DiskSession {
  'session'?: (string);
  'point'?: (string);
  'version'?: (number | string | Long);
  'ordinal'?: (number);
  'disk'?: (string);
  'sizeBytes'?: (number | string | Long);
  'chunkBytes'?: (number | string | Long);
}

export interface DiskSession__Output {
  'session': (string);
  'point': (string);
  'version': (number);
  'ordinal': (number);
  'disk': (string);
  'sizeBytes': (number);
  'chunkBytes': (number);
}
