// Original file: proto/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface ThrottleWork {
  'job'?: (string);
  'bytesPerSecond'?: (number | string | Long);
}

export interface ThrottleWork__Output {
  'job': (string);
  'bytesPerSecond': (number);
}
