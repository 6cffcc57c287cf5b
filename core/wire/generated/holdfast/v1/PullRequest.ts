// Original file: proto/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface PullRequest {
  'job'?: (string);
  'epoch'?: (number | string | Long);
  'ordinal'?: (number);
  'fromChunk'?: (number | string | Long);
}

export interface PullRequest__Output {
  'job': (string);
  'epoch': (number);
  'ordinal': (number);
  'fromChunk': (number);
}
