// Original file: proto/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface RestoreRequest {
  'point'?: (string);
  'original'?: (boolean);
  'toHost'?: (string);
  'path'?: (string);
  'disks'?: (string)[];
  'name'?: (string);
  'format'?: (string);
  'preallocate'?: (boolean);
  'evenIfOpen'?: (boolean);
  'bytesPerSecond'?: (number | string | Long);
  '_toHost'?: "toHost";
  '_path'?: "path";
  '_name'?: "name";
  '_format'?: "format";
}

export interface RestoreRequest__Output {
  'point': (string);
  'original': (boolean);
  'toHost'?: (string);
  'path'?: (string);
  'disks': (string)[];
  'name'?: (string);
  'format'?: (string);
  'preallocate': (boolean);
  'evenIfOpen': (boolean);
  'bytesPerSecond': (number);
  '_toHost'?: "toHost";
  '_path'?: "path";
  '_name'?: "name";
  '_format'?: "format";
}
