// Original file: proto/agent.proto

import type { TransferWork as _holdfast_v1_TransferWork, TransferWork__Output as _holdfast_v1_TransferWork__Output } from '../../holdfast/v1/TransferWork.ts';
import type { RestoreWork as _holdfast_v1_RestoreWork, RestoreWork__Output as _holdfast_v1_RestoreWork__Output } from '../../holdfast/v1/RestoreWork.ts';
import type { CancelWork as _holdfast_v1_CancelWork, CancelWork__Output as _holdfast_v1_CancelWork__Output } from '../../holdfast/v1/CancelWork.ts';
import type { ThrottleWork as _holdfast_v1_ThrottleWork, ThrottleWork__Output as _holdfast_v1_ThrottleWork__Output } from '../../holdfast/v1/ThrottleWork.ts';
import type { KeepaliveWork as _holdfast_v1_KeepaliveWork, KeepaliveWork__Output as _holdfast_v1_KeepaliveWork__Output } from '../../holdfast/v1/KeepaliveWork.ts';
import type { ItemRestoreWork as _holdfast_v1_ItemRestoreWork, ItemRestoreWork__Output as _holdfast_v1_ItemRestoreWork__Output } from '../../holdfast/v1/ItemRestoreWork.ts';

export interface Work {
  'transfer'?: (_holdfast_v1_TransferWork | null);
  'restore'?: (_holdfast_v1_RestoreWork | null);
  'cancel'?: (_holdfast_v1_CancelWork | null);
  'throttle'?: (_holdfast_v1_ThrottleWork | null);
  'keepalive'?: (_holdfast_v1_KeepaliveWork | null);
  'items'?: (_holdfast_v1_ItemRestoreWork | null);
  'work'?: "transfer"|"restore"|"cancel"|"throttle"|"keepalive"|"items";
}

export interface Work__Output {
  'transfer'?: (_holdfast_v1_TransferWork__Output | null);
  'restore'?: (_holdfast_v1_RestoreWork__Output | null);
  'cancel'?: (_holdfast_v1_CancelWork__Output | null);
  'throttle'?: (_holdfast_v1_ThrottleWork__Output | null);
  'keepalive'?: (_holdfast_v1_KeepaliveWork__Output | null);
  'items'?: (_holdfast_v1_ItemRestoreWork__Output | null);
  'work'?: "transfer"|"restore"|"cancel"|"throttle"|"keepalive"|"items";
}
