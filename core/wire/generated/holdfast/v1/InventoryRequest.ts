// Original file: proto/agent.proto

import type { OfferedSource as _holdfast_v1_OfferedSource, OfferedSource__Output as _holdfast_v1_OfferedSource__Output } from '../../holdfast/v1/OfferedSource.ts';

export interface InventoryRequest {
  'session'?: (string);
  'sources'?: (_holdfast_v1_OfferedSource)[];
  'restoreRoots'?: (string)[];
  'warnings'?: (string)[];
  'clock'?: (string);
}

export interface InventoryRequest__Output {
  'session': (string);
  'sources': (_holdfast_v1_OfferedSource__Output)[];
  'restoreRoots': (string)[];
  'warnings': (string)[];
  'clock': (string);
}
