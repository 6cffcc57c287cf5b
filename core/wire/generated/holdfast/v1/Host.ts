// Original file: proto/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface Host {
  'id'?: (string);
  'name'?: (string);
  'state'?: (string);
  'version'?: (string);
  'enrolledAt'?: (string);
  'lastSeenAt'?: (string);
  'certificateExpiresAt'?: (string);
  'bytesPerSecond'?: (number | string | Long);
  'restoreRoots'?: (string)[];
  'warnings'?: (string)[];
  'sources'?: (number);
  '_version'?: "version";
  '_lastSeenAt'?: "lastSeenAt";
  '_certificateExpiresAt'?: "certificateExpiresAt";
}

export interface Host__Output {
  'id': (string);
  'name': (string);
  'state': (string);
  'version'?: (string);
  'enrolledAt': (string);
  'lastSeenAt'?: (string);
  'certificateExpiresAt'?: (string);
  'bytesPerSecond': (number);
  'restoreRoots': (string)[];
  'warnings': (string)[];
  'sources': (number);
  '_version'?: "version";
  '_lastSeenAt'?: "lastSeenAt";
  '_certificateExpiresAt'?: "certificateExpiresAt";
}
