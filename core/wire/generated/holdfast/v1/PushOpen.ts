// Original file: proto/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface PushOpen {
  'job'?: (string);
  'epoch'?: (number | string | Long);
  'transfer'?: (string);
}

export interface PushOpen__Output {
  'job': (string);
  'epoch': (number);
  'transfer': (string);
}
