// Original file: proto/files.proto

import type { Long } from '@grpc/proto-loader';

export interface FileDisk {
  'ordinal'?: (number);
  'name'?: (string);
  'sizeBytes'?: (number | string | Long);
  'chunkBytes'?: (number | string | Long);
}

export interface FileDisk__Output {
  'ordinal': (number);
  'name': (string);
  'sizeBytes': (number);
  'chunkBytes': (number);
}
