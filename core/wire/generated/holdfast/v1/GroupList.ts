// Original file: proto/operator.proto

import type { Group as _holdfast_v1_Group, Group__Output as _holdfast_v1_Group__Output } from '../../holdfast/v1/Group.ts';

export interface GroupList {
  'groups'?: (_holdfast_v1_Group)[];
}

export interface GroupList__Output {
  'groups': (_holdfast_v1_Group__Output)[];
}
