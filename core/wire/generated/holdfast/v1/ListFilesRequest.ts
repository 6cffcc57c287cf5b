// Original file: proto/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface ListFilesRequest {
  'point'?: (string);
  'path'?: (Buffer | Uint8Array | string);
  'disk'?: (string);
  'name'?: (Buffer | Uint8Array | string);
  'limit'?: (number);
  'offset'?: (number | string | Long);
  'order'?: (string);
  'descending'?: (boolean);
  '_disk'?: "disk";
}

export interface ListFilesRequest__Output {
  'point': (string);
  'path': (Buffer);
  'disk'?: (string);
  'name': (Buffer);
  'limit': (number);
  'offset': (number);
  'order': (string);
  'descending': (boolean);
  '_disk'?: "disk";
}
