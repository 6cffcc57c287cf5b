// Original file: proto/operator.proto

import type { FileEntry as _holdfast_v1_FileEntry, FileEntry__Output as _holdfast_v1_FileEntry__Output } from '../../holdfast/v1/FileEntry.ts';

export interface FileDifference {
  'change'?: (string);
  'volume'?: (string);
  'path'?: (Buffer | Uint8Array | string);
  'before'?: (_holdfast_v1_FileEntry | null);
  'after'?: (_holdfast_v1_FileEntry | null);
  '_before'?: "before";
  '_after'?: "after";
}

export interface FileDifference__Output {
  'change': (string);
  'volume': (string);
  'path': (Buffer);
  'before'?: (_holdfast_v1_FileEntry__Output | null);
  'after'?: (_holdfast_v1_FileEntry__Output | null);
  '_before'?: "before";
  '_after'?: "after";
}
