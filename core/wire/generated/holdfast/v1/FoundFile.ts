// Original file: proto/operator.proto

import type { FileEntry as _holdfast_v1_FileEntry, FileEntry__Output as _holdfast_v1_FileEntry__Output } from '../../holdfast/v1/FileEntry.ts';

export interface FoundFile {
  'number'?: (number);
  'point'?: (string);
  'volume'?: (string);
  'path'?: (Buffer | Uint8Array | string);
  'entry'?: (_holdfast_v1_FileEntry | null);
}

export interface FoundFile__Output {
  'number': (number);
  'point': (string);
  'volume': (string);
  'path': (Buffer);
  'entry': (_holdfast_v1_FileEntry__Output | null);
}
