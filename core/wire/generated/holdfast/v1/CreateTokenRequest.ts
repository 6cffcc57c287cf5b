// Original file: proto/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface CreateTokenRequest {
  'ttlSeconds'?: (number | string | Long);
  'host'?: (string);
  '_host'?: "host";
}

export interface CreateTokenRequest__Output {
  'ttlSeconds': (number);
  'host'?: (string);
  '_host'?: "host";
}
