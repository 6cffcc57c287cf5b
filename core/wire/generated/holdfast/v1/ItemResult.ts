// Original file: proto/files.proto

import type { ItemFailure as _holdfast_v1_ItemFailure, ItemFailure__Output as _holdfast_v1_ItemFailure__Output } from '../../holdfast/v1/ItemFailure.ts';
import type { Long } from '@grpc/proto-loader';

export interface ItemResult {
  'folder'?: (string);
  'restored'?: (number | string | Long);
  'skipped'?: (number | string | Long);
  'failedCount'?: (number | string | Long);
  'failed'?: (_holdfast_v1_ItemFailure)[];
  'lost'?: (string)[];
  'bytes'?: (number | string | Long);
}

export interface ItemResult__Output {
  'folder': (string);
  'restored': (number);
  'skipped': (number);
  'failedCount': (number);
  'failed': (_holdfast_v1_ItemFailure__Output)[];
  'lost': (string)[];
  'bytes': (number);
}
