// Original file: proto/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface ReadDiskRequest {
  'session'?: (string);
  'firstChunk'?: (number | string | Long);
  'count'?: (number);
}

export interface ReadDiskRequest__Output {
  'session': (string);
  'firstChunk': (number);
  'count': (number);
}
