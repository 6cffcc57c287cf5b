// Original file: proto/operator.proto

import type { TransferStart as _holdfast_v1_TransferStart, TransferStart__Output as _holdfast_v1_TransferStart__Output } from '../../holdfast/v1/TransferStart.ts';

export interface TransferStarts {
  'starts'?: (_holdfast_v1_TransferStart)[];
}

export interface TransferStarts__Output {
  'starts': (_holdfast_v1_TransferStart__Output)[];
}
