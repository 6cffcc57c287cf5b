// Original file: proto/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface RestoreDisk {
  'ordinal'?: (number);
  'name'?: (string);
  'sizeBytes'?: (number | string | Long);
  'chunkBytes'?: (number);
  'sourceFormat'?: (string);
  'allocatedBytes'?: (number | string | Long);
  'targetFormat'?: (string);
  '_targetFormat'?: "targetFormat";
}

export interface RestoreDisk__Output {
  'ordinal': (number);
  'name': (string);
  'sizeBytes': (number);
  'chunkBytes': (number);
  'sourceFormat': (string);
  'allocatedBytes': (number);
  'targetFormat'?: (string);
  '_targetFormat'?: "targetFormat";
}
