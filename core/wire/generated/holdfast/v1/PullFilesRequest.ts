// Original file: proto/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface PullFilesRequest {
  'job'?: (string);
  'epoch'?: (number | string | Long);
  'fromIndex'?: (number | string | Long);
  'records'?: (boolean);
}

export interface PullFilesRequest__Output {
  'job': (string);
  'epoch': (number);
  'fromIndex': (number);
  'records': (boolean);
}
