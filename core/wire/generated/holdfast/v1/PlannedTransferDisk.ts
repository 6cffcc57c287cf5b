// Original file: proto/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface PlannedTransferDisk {
  'ordinal'?: (number);
  'name'?: (string);
  'chunkBytes'?: (number);
  'mode'?: (string);
  'reason'?: (string);
  'baseSizeBytes'?: (number | string | Long);
  'hasMap'?: (boolean);
  'sampled'?: (number)[];
  'audited'?: (boolean);
}

export interface PlannedTransferDisk__Output {
  'ordinal': (number);
  'name': (string);
  'chunkBytes': (number);
  'mode': (string);
  'reason': (string);
  'baseSizeBytes': (number);
  'hasMap': (boolean);
  'sampled': (number)[];
  'audited': (boolean);
}
