// Original file: proto/agent.proto

import type { RestoreDisk as _holdfast_v1_RestoreDisk, RestoreDisk__Output as _holdfast_v1_RestoreDisk__Output } from '../../holdfast/v1/RestoreDisk.ts';
import type { MachineWork as _holdfast_v1_MachineWork, MachineWork__Output as _holdfast_v1_MachineWork__Output } from '../../holdfast/v1/MachineWork.ts';
import type { PartWork as _holdfast_v1_PartWork, PartWork__Output as _holdfast_v1_PartWork__Output } from '../../holdfast/v1/PartWork.ts';
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
  'configuration'?: (string);
  'machine'?: (_holdfast_v1_MachineWork | null);
  'part'?: (_holdfast_v1_PartWork | null);
  '_configuration'?: "configuration";
  '_machine'?: "machine";
  '_part'?: "part";
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
  'configuration'?: (string);
  'machine'?: (_holdfast_v1_MachineWork__Output | null);
  'part'?: (_holdfast_v1_PartWork__Output | null);
  '_configuration'?: "configuration";
  '_machine'?: "machine";
  '_part'?: "part";
}
