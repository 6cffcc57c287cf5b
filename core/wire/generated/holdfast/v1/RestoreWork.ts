// Original file: proto/agent.proto

import type { RestoreDisk as _holdfast_v1_RestoreDisk, RestoreDisk__Output as _holdfast_v1_RestoreDisk__Output } from '../../holdfast/v1/RestoreDisk.ts';
import type { Long } from '@grpc/proto-loader';

export interface RestoreWork {
  'job'?: (string);
  'epoch'?: (number | string | Long);
  'point'?: (string);
  'original'?: (boolean);
  'sourceKey'?: (string);
  'folder'?: (string);
  'name'?: (string);
  'format'?: (string);
  'preallocate'?: (boolean);
  'evenIfOpen'?: (boolean);
  'bytesPerSecond'?: (number | string | Long);
  'disks'?: (_holdfast_v1_RestoreDisk)[];
}

export interface RestoreWork__Output {
  'job': (string);
  'epoch': (number);
  'point': (string);
  'original': (boolean);
  'sourceKey': (string);
  'folder': (string);
  'name': (string);
  'format': (string);
  'preallocate': (boolean);
  'evenIfOpen': (boolean);
  'bytesPerSecond': (number);
  'disks': (_holdfast_v1_RestoreDisk__Output)[];
}
