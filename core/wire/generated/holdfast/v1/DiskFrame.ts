// Original file: proto/operator.proto

import type { DiskRunList as _holdfast_v1_DiskRunList, DiskRunList__Output as _holdfast_v1_DiskRunList__Output } from '../../holdfast/v1/DiskRunList.ts';

export interface DiskFrame {
  'records'?: (Buffer | Uint8Array | string);
  'runs'?: (_holdfast_v1_DiskRunList | null);
  'frame'?: "records"|"runs";
}

export interface DiskFrame__Output {
  'records'?: (Buffer);
  'runs'?: (_holdfast_v1_DiskRunList__Output | null);
  'frame'?: "records"|"runs";
}
