// Original file: proto/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface DiskRunsRequest {
  'session'?: (string);
  'firstChunk'?: (number | string | Long);
  'count'?: (number | string | Long);
}

export interface DiskRunsRequest__Output {
  'session': (string);
  'firstChunk': (number);
  'count': (number);
}
