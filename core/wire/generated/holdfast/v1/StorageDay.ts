// Original file: proto/report.proto

import type { Long } from '@grpc/proto-loader';

export interface StorageDay {
  'day'?: (string);
  'storedBytes'?: (number | string | Long);
  'logicalBytes'?: (number | string | Long);
  'plainBytes'?: (number | string | Long);
  'reclaimableBytes'?: (number | string | Long);
  'verifiedBytes'?: (number | string | Long);
  'points'?: (number);
  'totalBytes'?: (number | string | Long);
  'freeBytes'?: (number | string | Long);
  '_plainBytes'?: "plainBytes";
}

export interface StorageDay__Output {
  'day': (string);
  'storedBytes': (number);
  'logicalBytes': (number);
  'plainBytes'?: (number);
  'reclaimableBytes': (number);
  'verifiedBytes': (number);
  'points': (number);
  'totalBytes': (number);
  'freeBytes': (number);
  '_plainBytes'?: "plainBytes";
}
