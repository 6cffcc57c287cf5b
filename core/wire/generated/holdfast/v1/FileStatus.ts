// Original file: proto/files.proto

import type { FileOwner as _holdfast_v1_FileOwner, FileOwner__Output as _holdfast_v1_FileOwner__Output } from '../../holdfast/v1/FileOwner.ts';
import type { FileTime as _holdfast_v1_FileTime, FileTime__Output as _holdfast_v1_FileTime__Output } from '../../holdfast/v1/FileTime.ts';
import type { FileDevice as _holdfast_v1_FileDevice, FileDevice__Output as _holdfast_v1_FileDevice__Output } from '../../holdfast/v1/FileDevice.ts';

export interface FileStatus {
  'mode'?: (number);
  'owner'?: (_holdfast_v1_FileOwner | null);
  'links'?: (number);
  'modifiedAt'?: (_holdfast_v1_FileTime | null);
  'accessedAt'?: (_holdfast_v1_FileTime | null);
  'changedAt'?: (_holdfast_v1_FileTime | null);
  'createdAt'?: (_holdfast_v1_FileTime | null);
  'device'?: (_holdfast_v1_FileDevice | null);
  '_mode'?: "mode";
  '_owner'?: "owner";
  '_modifiedAt'?: "modifiedAt";
  '_accessedAt'?: "accessedAt";
  '_changedAt'?: "changedAt";
  '_createdAt'?: "createdAt";
  '_device'?: "device";
}

export interface FileStatus__Output {
  'mode'?: (number);
  'owner'?: (_holdfast_v1_FileOwner__Output | null);
  'links': (number);
  'modifiedAt'?: (_holdfast_v1_FileTime__Output | null);
  'accessedAt'?: (_holdfast_v1_FileTime__Output | null);
  'changedAt'?: (_holdfast_v1_FileTime__Output | null);
  'createdAt'?: (_holdfast_v1_FileTime__Output | null);
  'device'?: (_holdfast_v1_FileDevice__Output | null);
  '_mode'?: "mode";
  '_owner'?: "owner";
  '_modifiedAt'?: "modifiedAt";
  '_accessedAt'?: "accessedAt";
  '_changedAt'?: "changedAt";
  '_createdAt'?: "createdAt";
  '_device'?: "device";
}
