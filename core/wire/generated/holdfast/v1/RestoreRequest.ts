// Original file: proto/operator.proto

import type { MachineWish as _holdfast_v1_MachineWish, MachineWish__Output as _holdfast_v1_MachineWish__Output } from '../../holdfast/v1/MachineWish.ts';
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
  'machine'?: (_holdfast_v1_MachineWish | null);
  'noSafetyPoint'?: (boolean);
  'partition'?: (string);
  'notify'?: (string)[];
  'rateHours'?: (string)[];
  'timeZone'?: (string);
  '_toHost'?: "toHost";
  '_path'?: "path";
  '_name'?: "name";
  '_format'?: "format";
  '_machine'?: "machine";
  '_noSafetyPoint'?: "noSafetyPoint";
  '_partition'?: "partition";
  '_timeZone'?: "timeZone";
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
  'machine'?: (_holdfast_v1_MachineWish__Output | null);
  'noSafetyPoint'?: (boolean);
  'partition'?: (string);
  'notify': (string)[];
  'rateHours': (string)[];
  'timeZone'?: (string);
  '_toHost'?: "toHost";
  '_path'?: "path";
  '_name'?: "name";
  '_format'?: "format";
  '_machine'?: "machine";
  '_noSafetyPoint'?: "noSafetyPoint";
  '_partition'?: "partition";
  '_timeZone'?: "timeZone";
}
