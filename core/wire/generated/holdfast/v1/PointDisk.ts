// Original file: proto/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface PointDisk {
  'name'?: (string);
  'sizeBytes'?: (number | string | Long);
  'transferMode'?: (string);
  'transferReason'?: (string);
  'format'?: (string);
  'readChecksum'?: (string);
  'storedChecksum'?: (string);
  'unreadableBytes'?: (number | string | Long);
  '_transferReason'?: "transferReason";
  '_format'?: "format";
  '_readChecksum'?: "readChecksum";
  '_storedChecksum'?: "storedChecksum";
  '_unreadableBytes'?: "unreadableBytes";
}

export interface PointDisk__Output {
  'name': (string);
  'sizeBytes': (number);
  'transferMode': (string);
  'transferReason'?: (string);
  'format'?: (string);
  'readChecksum'?: (string);
  'storedChecksum'?: (string);
  'unreadableBytes'?: (number);
  '_transferReason'?: "transferReason";
  '_format'?: "format";
  '_readChecksum'?: "readChecksum";
  '_storedChecksum'?: "storedChecksum";
  '_unreadableBytes'?: "unreadableBytes";
}
