// Original file: proto/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface RestoreResult {
  'bytesWritten'?: (number | string | Long);
  'files'?: (string)[];
  'changes'?: (string)[];
}

export interface RestoreResult__Output {
  'bytesWritten': (number);
  'files': (string)[];
  'changes': (string)[];
}
