// Original file: proto/operator.proto

import type { Progress as _holdfast_v1_Progress, Progress__Output as _holdfast_v1_Progress__Output } from '../../holdfast/v1/Progress.ts';
import type { Failure as _holdfast_v1_Failure, Failure__Output as _holdfast_v1_Failure__Output } from '../../holdfast/v1/Failure.ts';
import type { Point as _holdfast_v1_Point, Point__Output as _holdfast_v1_Point__Output } from '../../holdfast/v1/Point.ts';
import type { VerifyResult as _holdfast_v1_VerifyResult, VerifyResult__Output as _holdfast_v1_VerifyResult__Output } from '../../holdfast/v1/VerifyResult.ts';
import type { RestoreResult as _holdfast_v1_RestoreResult, RestoreResult__Output as _holdfast_v1_RestoreResult__Output } from '../../holdfast/v1/RestoreResult.ts';
import type { CheckResult as _holdfast_v1_CheckResult, CheckResult__Output as _holdfast_v1_CheckResult__Output } from '../../holdfast/v1/CheckResult.ts';
import type { CollectResult as _holdfast_v1_CollectResult, CollectResult__Output as _holdfast_v1_CollectResult__Output } from '../../holdfast/v1/CollectResult.ts';
import type { JobDisk as _holdfast_v1_JobDisk, JobDisk__Output as _holdfast_v1_JobDisk__Output } from '../../holdfast/v1/JobDisk.ts';
import type { ItemResult as _holdfast_v1_ItemResult, ItemResult__Output as _holdfast_v1_ItemResult__Output } from '../../holdfast/v1/ItemResult.ts';

export interface Job {
  'id'?: (string);
  'kind'?: (string);
  'state'?: (string);
  'source'?: (string);
  'group'?: (string);
  'progress'?: (_holdfast_v1_Progress | null);
  'startedAt'?: (string);
  'finishedAt'?: (string);
  'error'?: (_holdfast_v1_Failure | null);
  'queuedAt'?: (string);
  'warnings'?: (string)[];
  'point'?: (_holdfast_v1_Point | null);
  'verification'?: (_holdfast_v1_VerifyResult | null);
  'restore'?: (_holdfast_v1_RestoreResult | null);
  'check'?: (_holdfast_v1_CheckResult | null);
  'collection'?: (_holdfast_v1_CollectResult | null);
  'host'?: (string);
  'attempt'?: (number);
  'disks'?: (_holdfast_v1_JobDisk)[];
  'expired'?: (number);
  'requestedBy'?: (string);
  'items'?: (_holdfast_v1_ItemResult | null);
  '_source'?: "source";
  '_group'?: "group";
  '_startedAt'?: "startedAt";
  '_finishedAt'?: "finishedAt";
  '_error'?: "error";
  '_point'?: "point";
  '_verification'?: "verification";
  '_restore'?: "restore";
  '_check'?: "check";
  '_collection'?: "collection";
  '_host'?: "host";
  '_items'?: "items";
  '_expired'?: "expired";
  '_requestedBy'?: "requestedBy";
}

export interface Job__Output {
  'id': (string);
  'kind': (string);
  'state': (string);
  'source'?: (string);
  'group'?: (string);
  'progress': (_holdfast_v1_Progress__Output | null);
  'startedAt'?: (string);
  'finishedAt'?: (string);
  'error'?: (_holdfast_v1_Failure__Output | null);
  'queuedAt': (string);
  'warnings': (string)[];
  'point'?: (_holdfast_v1_Point__Output | null);
  'verification'?: (_holdfast_v1_VerifyResult__Output | null);
  'restore'?: (_holdfast_v1_RestoreResult__Output | null);
  'check'?: (_holdfast_v1_CheckResult__Output | null);
  'collection'?: (_holdfast_v1_CollectResult__Output | null);
  'host'?: (string);
  'attempt': (number);
  'disks': (_holdfast_v1_JobDisk__Output)[];
  'expired'?: (number);
  'requestedBy'?: (string);
  'items'?: (_holdfast_v1_ItemResult__Output | null);
  '_source'?: "source";
  '_group'?: "group";
  '_startedAt'?: "startedAt";
  '_finishedAt'?: "finishedAt";
  '_error'?: "error";
  '_point'?: "point";
  '_verification'?: "verification";
  '_restore'?: "restore";
  '_check'?: "check";
  '_collection'?: "collection";
  '_host'?: "host";
  '_items'?: "items";
  '_expired'?: "expired";
  '_requestedBy'?: "requestedBy";
}
