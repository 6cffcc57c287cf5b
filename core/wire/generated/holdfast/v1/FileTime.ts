// Original file: proto/files.proto

import type { Long } from '@grpc/proto-loader';

export interface FileTime {
  'seconds'?: (number | string | Long);
  'nanoseconds'?: (number);
}

export interface FileTime__Output {
  'seconds': (number);
  'nanoseconds': (number);
}
