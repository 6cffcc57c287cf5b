// Original file: proto/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface Progress {
  'doneBytes'?: (number | string | Long);
  'totalBytes'?: (number | string | Long);
  'bytesPerSecond'?: (number | string | Long);
}

export interface Progress__Output {
  'doneBytes': (number);
  'totalBytes': (number);
  'bytesPerSecond': (number);
}
