// Original file: proto/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface FileRestoreRequest {
  'point'?: (string);
  'paths'?: (Buffer | Uint8Array | string)[];
  'disk'?: (string);
  'toHost'?: (string);
  'folder'?: (string);
  'onConflict'?: (string);
  'owners'?: (string);
  'special'?: (boolean);
  'bytesPerSecond'?: (number | string | Long);
  'resultFolder'?: (boolean);
  'notify'?: (string)[];
  'rateHours'?: (string)[];
  'timeZone'?: (string);
  'matching'?: (Buffer | Uint8Array | string)[];
  'except'?: (Buffer | Uint8Array | string)[];
  '_disk'?: "disk";
  '_timeZone'?: "timeZone";
}

export interface FileRestoreRequest__Output {
  'point': (string);
  'paths': (Buffer)[];
  'disk'?: (string);
  'toHost': (string);
  'folder': (string);
  'onConflict': (string);
  'owners': (string);
  'special': (boolean);
  'bytesPerSecond': (number);
  'resultFolder': (boolean);
  'notify': (string)[];
  'rateHours': (string)[];
  'timeZone'?: (string);
  'matching': (Buffer)[];
  'except': (Buffer)[];
  '_disk'?: "disk";
  '_timeZone'?: "timeZone";
}
