// Original file: proto/agent.proto

import type { OfferedDisk as _holdfast_v1_OfferedDisk, OfferedDisk__Output as _holdfast_v1_OfferedDisk__Output } from '../../holdfast/v1/OfferedDisk.ts';

export interface OfferedSource {
  'key'?: (string);
  'name'?: (string);
  'kind'?: (string);
  'uuid'?: (string);
  'disks'?: (_holdfast_v1_OfferedDisk)[];
  'present'?: (boolean);
  'powerState'?: (string);
  'firmware'?: (string);
  'tags'?: (string)[];
}

export interface OfferedSource__Output {
  'key': (string);
  'name': (string);
  'kind': (string);
  'uuid': (string);
  'disks': (_holdfast_v1_OfferedDisk__Output)[];
  'present': (boolean);
  'powerState': (string);
  'firmware': (string);
  'tags': (string)[];
}
