// Original file: proto/operator.proto

import type { ServerStatus as _holdfast_v1_ServerStatus, ServerStatus__Output as _holdfast_v1_ServerStatus__Output } from '../../holdfast/v1/ServerStatus.ts';
import type { DatabaseStatus as _holdfast_v1_DatabaseStatus, DatabaseStatus__Output as _holdfast_v1_DatabaseStatus__Output } from '../../holdfast/v1/DatabaseStatus.ts';
import type { StoreStatus as _holdfast_v1_StoreStatus, StoreStatus__Output as _holdfast_v1_StoreStatus__Output } from '../../holdfast/v1/StoreStatus.ts';
import type { HostCounts as _holdfast_v1_HostCounts, HostCounts__Output as _holdfast_v1_HostCounts__Output } from '../../holdfast/v1/HostCounts.ts';
import type { SourceCounts as _holdfast_v1_SourceCounts, SourceCounts__Output as _holdfast_v1_SourceCounts__Output } from '../../holdfast/v1/SourceCounts.ts';

export interface Status {
  'ok'?: (boolean);
  'server'?: (_holdfast_v1_ServerStatus | null);
  'database'?: (_holdfast_v1_DatabaseStatus | null);
  'store'?: (_holdfast_v1_StoreStatus | null);
  'hosts'?: (_holdfast_v1_HostCounts | null);
  'sources'?: (_holdfast_v1_SourceCounts | null);
  'alerts'?: (number);
  'problems'?: (string)[];
}

export interface Status__Output {
  'ok': (boolean);
  'server': (_holdfast_v1_ServerStatus__Output | null);
  'database': (_holdfast_v1_DatabaseStatus__Output | null);
  'store': (_holdfast_v1_StoreStatus__Output | null);
  'hosts': (_holdfast_v1_HostCounts__Output | null);
  'sources': (_holdfast_v1_SourceCounts__Output | null);
  'alerts': (number);
  'problems': (string)[];
}
