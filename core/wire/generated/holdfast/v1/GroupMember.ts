// Original file: proto/operator.proto

import type { CauseCount as _holdfast_v1_CauseCount, CauseCount__Output as _holdfast_v1_CauseCount__Output } from '../../holdfast/v1/CauseCount.ts';

export interface GroupMember {
  'source'?: (string);
  'replicaState'?: (string);
  'replicaReason'?: (string);
  'byRule'?: (boolean);
  'addedAt'?: (string);
  'points'?: (number);
  'lastPointAt'?: (string);
  'lastState'?: (string);
  'lastReason'?: (string);
  'inconsistencies'?: (_holdfast_v1_CauseCount)[];
  '_replicaReason'?: "replicaReason";
  '_lastPointAt'?: "lastPointAt";
  '_lastState'?: "lastState";
  '_lastReason'?: "lastReason";
}

export interface GroupMember__Output {
  'source': (string);
  'replicaState': (string);
  'replicaReason'?: (string);
  'byRule': (boolean);
  'addedAt': (string);
  'points': (number);
  'lastPointAt'?: (string);
  'lastState'?: (string);
  'lastReason'?: (string);
  'inconsistencies': (_holdfast_v1_CauseCount__Output)[];
  '_replicaReason'?: "replicaReason";
  '_lastPointAt'?: "lastPointAt";
  '_lastState'?: "lastState";
  '_lastReason'?: "lastReason";
}
