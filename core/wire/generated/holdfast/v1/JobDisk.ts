// Original file: proto/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface JobDisk {
  'name'?: (string);
  'transferMode'?: (string);
  'transferReason'?: (string);
  'readBytes'?: (number | string | Long);
  'sentBytes'?: (number | string | Long);
  'storedBytes'?: (number | string | Long);
  'changedBytes'?: (number | string | Long);
  '_transferReason'?: "transferReason";
}

export interface JobDisk__Output {
  'name': (string);
  'transferMode': (string);
  'transferReason'?: (string);
  'readBytes': (number);
  'sentBytes': (number);
  'storedBytes': (number);
  'changedBytes': (number);
  '_transferReason'?: "transferReason";
}
