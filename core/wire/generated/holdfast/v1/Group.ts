// Original file: proto/operator.proto

import type { GroupSettings as _holdfast_v1_GroupSettings, GroupSettings__Output as _holdfast_v1_GroupSettings__Output } from '../../holdfast/v1/GroupSettings.ts';
import type { GroupMember as _holdfast_v1_GroupMember, GroupMember__Output as _holdfast_v1_GroupMember__Output } from '../../holdfast/v1/GroupMember.ts';

export interface Group {
  'id'?: (string);
  'name'?: (string);
  'settings'?: (_holdfast_v1_GroupSettings | null);
  'members'?: (_holdfast_v1_GroupMember)[];
  'createdAt'?: (string);
  'changedAt'?: (string);
  'nextPointAt'?: (string);
  'nextSyncAt'?: (string);
  'warnings'?: (string)[];
  '_nextPointAt'?: "nextPointAt";
  '_nextSyncAt'?: "nextSyncAt";
}

export interface Group__Output {
  'id': (string);
  'name': (string);
  'settings': (_holdfast_v1_GroupSettings__Output | null);
  'members': (_holdfast_v1_GroupMember__Output)[];
  'createdAt': (string);
  'changedAt': (string);
  'nextPointAt'?: (string);
  'nextSyncAt'?: (string);
  'warnings': (string)[];
  '_nextPointAt'?: "nextPointAt";
  '_nextSyncAt'?: "nextSyncAt";
}
