// Original file: proto/files.proto

import type { Long } from '@grpc/proto-loader';

export interface FileExtent {
  'offset'?: (number | string | Long);
  'length'?: (number | string | Long);
  'hole'?: (boolean);
}

export interface FileExtent__Output {
  'offset': (number);
  'length': (number);
  'hole': (boolean);
}
