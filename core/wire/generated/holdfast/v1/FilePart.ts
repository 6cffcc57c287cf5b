// Original file: proto/files.proto

import type { FileHead as _holdfast_v1_FileHead, FileHead__Output as _holdfast_v1_FileHead__Output } from '../../holdfast/v1/FileHead.ts';
import type { FileFailure as _holdfast_v1_FileFailure, FileFailure__Output as _holdfast_v1_FileFailure__Output } from '../../holdfast/v1/FileFailure.ts';
import type { FileWarnings as _holdfast_v1_FileWarnings, FileWarnings__Output as _holdfast_v1_FileWarnings__Output } from '../../holdfast/v1/FileWarnings.ts';
import type { FileDisk as _holdfast_v1_FileDisk, FileDisk__Output as _holdfast_v1_FileDisk__Output } from '../../holdfast/v1/FileDisk.ts';
import type { Long } from '@grpc/proto-loader';

export interface FilePart {
  'head'?: (_holdfast_v1_FileHead | null);
  'data'?: (Buffer | Uint8Array | string);
  'hole'?: (number | string | Long);
  'failed'?: (_holdfast_v1_FileFailure | null);
  'warnings'?: (_holdfast_v1_FileWarnings | null);
  'disk'?: (_holdfast_v1_FileDisk | null);
  'records'?: (Buffer | Uint8Array | string);
  'part'?: "head"|"data"|"hole"|"failed"|"warnings"|"disk"|"records";
}

export interface FilePart__Output {
  'head'?: (_holdfast_v1_FileHead__Output | null);
  'data'?: (Buffer);
  'hole'?: (number);
  'failed'?: (_holdfast_v1_FileFailure__Output | null);
  'warnings'?: (_holdfast_v1_FileWarnings__Output | null);
  'disk'?: (_holdfast_v1_FileDisk__Output | null);
  'records'?: (Buffer);
  'part'?: "head"|"data"|"hole"|"failed"|"warnings"|"disk"|"records";
}
