// Original file: proto/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface MapRequest {
  'job'?: (string);
  'epoch'?: (number | string | Long);
  'transfer'?: (string);
  'ordinal'?: (number);
}

export interface MapRequest__Output {
  'job': (string);
  'epoch': (number);
  'transfer': (string);
  'ordinal': (number);
}
