// Original file: proto/agent.proto

import type { Run as _holdfast_v1_Run, Run__Output as _holdfast_v1_Run__Output } from '../../holdfast/v1/Run.ts';

export interface DiskRuns {
  'ordinal'?: (number);
  'runs'?: (_holdfast_v1_Run)[];
}

export interface DiskRuns__Output {
  'ordinal': (number);
  'runs': (_holdfast_v1_Run__Output)[];
}
