// Original file: proto/people.proto

import type { Long } from '@grpc/proto-loader';

export interface CreateOperatorTokenRequest {
  'name'?: (string);
  'ttlSeconds'?: (number | string | Long);
  'replace'?: (boolean);
}

export interface CreateOperatorTokenRequest__Output {
  'name': (string);
  'ttlSeconds': (number);
  'replace': (boolean);
}
