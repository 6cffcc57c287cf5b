// Original file: proto/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface OfferedDisk {
  'name'?: (string);
  'path'?: (string);
  'format'?: (string);
  'sizeBytes'?: (number | string | Long);
  'protectable'?: (boolean);
  'reason'?: (string);
}

export interface OfferedDisk__Output {
  'name': (string);
  'path': (string);
  'format': (string);
  'sizeBytes': (number);
  'protectable': (boolean);
  'reason': (string);
}
