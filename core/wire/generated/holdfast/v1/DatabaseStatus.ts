// Original file: proto/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface DatabaseStatus {
  'ok'?: (boolean);
  'version'?: (string);
  'embedded'?: (boolean);
  'sizeBytes'?: (number | string | Long);
}

export interface DatabaseStatus__Output {
  'ok': (boolean);
  'version': (string);
  'embedded': (boolean);
  'sizeBytes': (number);
}
