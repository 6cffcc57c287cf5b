// Original file: proto/operator.proto

import type { PointDisk as _holdfast_v1_PointDisk, PointDisk__Output as _holdfast_v1_PointDisk__Output } from '../../holdfast/v1/PointDisk.ts';
import type { Long } from '@grpc/proto-loader';

export interface Point {
  'id'?: (string);
  'version'?: (number | string | Long);
  'source'?: (string);
  'sequence'?: (number | string | Long);
  'createdAt'?: (string);
  'capturedAt'?: (string);
  'consistency'?: (string);
  'hasMemory'?: (boolean);
  'powerState'?: (string);
  'state'?: (string);
  'label'?: (string);
  'comment'?: (string);
  'protected'?: (boolean);
  'expiresAt'?: (string);
  'sizeBytes'?: (number | string | Long);
  'changedBytes'?: (number | string | Long);
  'sentBytes'?: (number | string | Long);
  'storedBytes'?: (number | string | Long);
  'verifiedAt'?: (string);
  'provenAt'?: (string);
  'parentVersion'?: (string);
  'disks'?: (_holdfast_v1_PointDisk)[];
  'deletedAt'?: (string);
  'lockedUntil'?: (string);
  'paused'?: (boolean);
  'parentPoint'?: (string);
  '_capturedAt'?: "capturedAt";
  '_label'?: "label";
  '_comment'?: "comment";
  '_expiresAt'?: "expiresAt";
  '_verifiedAt'?: "verifiedAt";
  '_provenAt'?: "provenAt";
  '_parentVersion'?: "parentVersion";
  '_deletedAt'?: "deletedAt";
  '_lockedUntil'?: "lockedUntil";
  '_parentPoint'?: "parentPoint";
}

export interface Point__Output {
  'id': (string);
  'version': (number);
  'source': (string);
  'sequence': (number);
  'createdAt': (string);
  'capturedAt'?: (string);
  'consistency': (string);
  'hasMemory': (boolean);
  'powerState': (string);
  'state': (string);
  'label'?: (string);
  'comment'?: (string);
  'protected': (boolean);
  'expiresAt'?: (string);
  'sizeBytes': (number);
  'changedBytes': (number);
  'sentBytes': (number);
  'storedBytes': (number);
  'verifiedAt'?: (string);
  'provenAt'?: (string);
  'parentVersion'?: (string);
  'disks': (_holdfast_v1_PointDisk__Output)[];
  'deletedAt'?: (string);
  'lockedUntil'?: (string);
  'paused': (boolean);
  'parentPoint'?: (string);
  '_capturedAt'?: "capturedAt";
  '_label'?: "label";
  '_comment'?: "comment";
  '_expiresAt'?: "expiresAt";
  '_verifiedAt'?: "verifiedAt";
  '_provenAt'?: "provenAt";
  '_parentVersion'?: "parentVersion";
  '_deletedAt'?: "deletedAt";
  '_lockedUntil'?: "lockedUntil";
  '_parentPoint'?: "parentPoint";
}
