// Original file: proto/report.proto

import type { StorageDay as _holdfast_v1_StorageDay, StorageDay__Output as _holdfast_v1_StorageDay__Output } from '../../holdfast/v1/StorageDay.ts';

export interface StorageHistory {
  'days'?: (_holdfast_v1_StorageDay)[];
  'fullAt'?: (string);
  '_fullAt'?: "fullAt";
}

export interface StorageHistory__Output {
  'days': (_holdfast_v1_StorageDay__Output)[];
  'fullAt'?: (string);
  '_fullAt'?: "fullAt";
}
