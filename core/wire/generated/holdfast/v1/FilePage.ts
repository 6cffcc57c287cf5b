// Original file: proto/operator.proto

import type { FileEntry as _holdfast_v1_FileEntry, FileEntry__Output as _holdfast_v1_FileEntry__Output } from '../../holdfast/v1/FileEntry.ts';
import type { Long } from '@grpc/proto-loader';

export interface FilePage {
  'entries'?: (_holdfast_v1_FileEntry)[];
  'warnings'?: (string)[];
  'seen'?: (number | string | Long);
  'total'?: (number | string | Long);
  '_total'?: "total";
}

export interface FilePage__Output {
  'entries': (_holdfast_v1_FileEntry__Output)[];
  'warnings': (string)[];
  'seen': (number);
  'total'?: (number);
  '_total'?: "total";
}
