// Original file: proto/operator.proto

import type { FileEntry as _holdfast_v1_FileEntry, FileEntry__Output as _holdfast_v1_FileEntry__Output } from '../../holdfast/v1/FileEntry.ts';

export interface FilePage {
  'entries'?: (_holdfast_v1_FileEntry)[];
  'warnings'?: (string)[];
}

export interface FilePage__Output {
  'entries': (_holdfast_v1_FileEntry__Output)[];
  'warnings': (string)[];
}
