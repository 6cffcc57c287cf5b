// Original file: proto/operator.proto

import type { Alert as _holdfast_v1_Alert, Alert__Output as _holdfast_v1_Alert__Output } from '../../holdfast/v1/Alert.ts';

export interface AlertList {
  'alerts'?: (_holdfast_v1_Alert)[];
}

export interface AlertList__Output {
  'alerts': (_holdfast_v1_Alert__Output)[];
}
