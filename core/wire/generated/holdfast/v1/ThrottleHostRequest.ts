// Original file: proto/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface ThrottleHostRequest {
  'host'?: (string);
  'bytesPerSecond'?: (number | string | Long);
}

export interface ThrottleHostRequest__Output {
  'host': (string);
  'bytesPerSecond': (number);
}
