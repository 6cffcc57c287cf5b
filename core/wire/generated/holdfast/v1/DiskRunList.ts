// Original file: proto/operator.proto

import type { Run as _holdfast_v1_Run, Run__Output as _holdfast_v1_Run__Output } from '../../holdfast/v1/Run.ts';

export interface DiskRunList {
  'runs'?: (_holdfast_v1_Run)[];
}

export interface DiskRunList__Output {
  'runs': (_holdfast_v1_Run__Output)[];
}
