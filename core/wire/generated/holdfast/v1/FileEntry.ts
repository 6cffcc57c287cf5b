// Original file: proto/operator.proto

import type { FileStatus as _holdfast_v1_FileStatus, FileStatus__Output as _holdfast_v1_FileStatus__Output } from '../../holdfast/v1/FileStatus.ts';
import type { Failure as _holdfast_v1_Failure, Failure__Output as _holdfast_v1_Failure__Output } from '../../holdfast/v1/Failure.ts';
import type { Long } from '@grpc/proto-loader';

export interface FileEntry {
  'name'?: (Buffer | Uint8Array | string);
  'type'?: (string);
  'sizeBytes'?: (number | string | Long);
  'status'?: (_holdfast_v1_FileStatus | null);
  'target'?: (Buffer | Uint8Array | string);
  'encrypted'?: (boolean);
  'content'?: (string);
  'error'?: (_holdfast_v1_Failure | null);
  '_status'?: "status";
  '_target'?: "target";
  '_content'?: "content";
  '_error'?: "error";
}

export interface FileEntry__Output {
  'name': (Buffer);
  'type': (string);
  'sizeBytes': (number);
  'status'?: (_holdfast_v1_FileStatus__Output | null);
  'target'?: (Buffer);
  'encrypted': (boolean);
  'content'?: (string);
  'error'?: (_holdfast_v1_Failure__Output | null);
  '_status'?: "status";
  '_target'?: "target";
  '_content'?: "content";
  '_error'?: "error";
}
