// Original file: proto/operator.proto

import type { Point as _holdfast_v1_Point, Point__Output as _holdfast_v1_Point__Output } from '../../holdfast/v1/Point.ts';
import type { SourceDisk as _holdfast_v1_SourceDisk, SourceDisk__Output as _holdfast_v1_SourceDisk__Output } from '../../holdfast/v1/SourceDisk.ts';

export interface Source {
  'id'?: (string);
  'name'?: (string);
  'host'?: (string);
  'kind'?: (string);
  'state'?: (string);
  'replicaState'?: (string);
  'replicaReason'?: (string);
  'group'?: (string);
  'lastPoint'?: (_holdfast_v1_Point | null);
  'disks'?: (_holdfast_v1_SourceDisk)[];
  'allowUnsettled'?: (boolean);
  'currentBranchOf'?: (string);
  'points'?: (number);
  'powerState'?: (string);
  'firmware'?: (string);
  'uuid'?: (string);
  'owner'?: (string);
  'tenant'?: (string);
  'tags'?: (string)[];
  '_replicaReason'?: "replicaReason";
  '_group'?: "group";
  '_lastPoint'?: "lastPoint";
  '_currentBranchOf'?: "currentBranchOf";
}

export interface Source__Output {
  'id': (string);
  'name': (string);
  'host': (string);
  'kind': (string);
  'state': (string);
  'replicaState': (string);
  'replicaReason'?: (string);
  'group'?: (string);
  'lastPoint'?: (_holdfast_v1_Point__Output | null);
  'disks': (_holdfast_v1_SourceDisk__Output)[];
  'allowUnsettled': (boolean);
  'currentBranchOf'?: (string);
  'points': (number);
  'powerState': (string);
  'firmware': (string);
  'uuid': (string);
  'owner': (string);
  'tenant': (string);
  'tags': (string)[];
  '_replicaReason'?: "replicaReason";
  '_group'?: "group";
  '_lastPoint'?: "lastPoint";
  '_currentBranchOf'?: "currentBranchOf";
}
