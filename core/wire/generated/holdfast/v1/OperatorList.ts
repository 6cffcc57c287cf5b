// Original file: proto/people.proto

import type { OperatorInfo as _holdfast_v1_OperatorInfo, OperatorInfo__Output as _holdfast_v1_OperatorInfo__Output } from '../../holdfast/v1/OperatorInfo.ts';

export interface OperatorList {
  'operators'?: (_holdfast_v1_OperatorInfo)[];
}

export interface OperatorList__Output {
  'operators': (_holdfast_v1_OperatorInfo__Output)[];
}
