// Original file: proto/operator.proto

import type { PlannedSource as _holdfast_v1_PlannedSource, PlannedSource__Output as _holdfast_v1_PlannedSource__Output } from '../../holdfast/v1/PlannedSource.ts';
import type { PointToGo as _holdfast_v1_PointToGo, PointToGo__Output as _holdfast_v1_PointToGo__Output } from '../../holdfast/v1/PointToGo.ts';
import type { Long } from '@grpc/proto-loader';

export interface GroupPlan {
  'name'?: (string);
  'exists'?: (boolean);
  'changes'?: (string)[];
  'added'?: (_holdfast_v1_PlannedSource)[];
  'removed'?: (_holdfast_v1_PlannedSource)[];
  'pointsToGo'?: (_holdfast_v1_PointToGo)[];
  'initialBytes'?: (number | string | Long);
  'pointsEach'?: (number);
  'estimatedBytes'?: (number | string | Long);
  'freeBytes'?: (number | string | Long);
  'warnings'?: (string)[];
}

export interface GroupPlan__Output {
  'name': (string);
  'exists': (boolean);
  'changes': (string)[];
  'added': (_holdfast_v1_PlannedSource__Output)[];
  'removed': (_holdfast_v1_PlannedSource__Output)[];
  'pointsToGo': (_holdfast_v1_PointToGo__Output)[];
  'initialBytes': (number);
  'pointsEach': (number);
  'estimatedBytes': (number);
  'freeBytes': (number);
  'warnings': (string)[];
}
