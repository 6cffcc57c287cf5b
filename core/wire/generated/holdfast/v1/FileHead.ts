// Original file: proto/files.proto

import type { FileStatus as _holdfast_v1_FileStatus, FileStatus__Output as _holdfast_v1_FileStatus__Output } from '../../holdfast/v1/FileStatus.ts';
import type { FileAttribute as _holdfast_v1_FileAttribute, FileAttribute__Output as _holdfast_v1_FileAttribute__Output } from '../../holdfast/v1/FileAttribute.ts';
import type { FileExtent as _holdfast_v1_FileExtent, FileExtent__Output as _holdfast_v1_FileExtent__Output } from '../../holdfast/v1/FileExtent.ts';
import type { Long } from '@grpc/proto-loader';

export interface FileHead {
  'path'?: (Buffer | Uint8Array | string);
  'type'?: (string);
  'sizeBytes'?: (number | string | Long);
  'status'?: (_holdfast_v1_FileStatus | null);
  'target'?: (Buffer | Uint8Array | string);
  'sameAs'?: (Buffer | Uint8Array | string);
  'attributes'?: (_holdfast_v1_FileAttribute)[];
  'extents'?: (_holdfast_v1_FileExtent)[];
  'index'?: (number | string | Long);
  '_target'?: "target";
  '_sameAs'?: "sameAs";
}

export interface FileHead__Output {
  'path': (Buffer);
  'type': (string);
  'sizeBytes': (number);
  'status': (_holdfast_v1_FileStatus__Output | null);
  'target'?: (Buffer);
  'sameAs'?: (Buffer);
  'attributes': (_holdfast_v1_FileAttribute__Output)[];
  'extents': (_holdfast_v1_FileExtent__Output)[];
  'index': (number);
  '_target'?: "target";
  '_sameAs'?: "sameAs";
}
