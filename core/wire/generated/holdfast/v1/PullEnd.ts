// Original file: proto/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface PullEnd {
  'chunks'?: (number | string | Long);
  'records'?: (number | string | Long);
  'digestRoot'?: (Buffer | Uint8Array | string);
}

export interface PullEnd__Output {
  'chunks': (number);
  'records': (number);
  'digestRoot': (Buffer);
}
