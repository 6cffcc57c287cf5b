// Original file: proto/agent.proto

import type { Failure as _holdfast_v1_Failure, Failure__Output as _holdfast_v1_Failure__Output } from '../../holdfast/v1/Failure.ts';
import type { ItemResult as _holdfast_v1_ItemResult, ItemResult__Output as _holdfast_v1_ItemResult__Output } from '../../holdfast/v1/ItemResult.ts';
import type { Long } from '@grpc/proto-loader';

export interface JobReport {
  'job'?: (string);
  'epoch'?: (number | string | Long);
  'state'?: (string);
  'doneBytes'?: (number | string | Long);
  'totalBytes'?: (number | string | Long);
  'readBytes'?: (number | string | Long);
  'writtenBytes'?: (number | string | Long);
  'error'?: (_holdfast_v1_Failure | null);
  'warnings'?: (string)[];
  'files'?: (string)[];
  'changes'?: (string)[];
  'items'?: (_holdfast_v1_ItemResult | null);
}

export interface JobReport__Output {
  'job': (string);
  'epoch': (number);
  'state': (string);
  'doneBytes': (number);
  'totalBytes': (number);
  'readBytes': (number);
  'writtenBytes': (number);
  'error': (_holdfast_v1_Failure__Output | null);
  'warnings': (string)[];
  'files': (string)[];
  'changes': (string)[];
  'items': (_holdfast_v1_ItemResult__Output | null);
}
