// Original file: proto/operator.proto

import type { ByteRange as _holdfast_v1_ByteRange, ByteRange__Output as _holdfast_v1_ByteRange__Output } from '../../holdfast/v1/ByteRange.ts';
import type { Long } from '@grpc/proto-loader';

export interface DiskComparison {
  'name'?: (string);
  'differingBytes'?: (number | string | Long);
  'differingChunks'?: (number | string | Long);
  'ranges'?: (_holdfast_v1_ByteRange)[];
  'note'?: (string);
}

export interface DiskComparison__Output {
  'name': (string);
  'differingBytes': (number);
  'differingChunks': (number);
  'ranges': (_holdfast_v1_ByteRange__Output)[];
  'note': (string);
}
