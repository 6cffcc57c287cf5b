// Original file: proto/operator.proto

import type { GroupSettings as _holdfast_v1_GroupSettings, GroupSettings__Output as _holdfast_v1_GroupSettings__Output } from '../../holdfast/v1/GroupSettings.ts';

export interface GroupWish {
  'name'?: (string);
  'create'?: (boolean);
  'newName'?: (string);
  'settings'?: (_holdfast_v1_GroupSettings | null);
  'add'?: (string)[];
  'remove'?: (string)[];
  'removedPoints'?: (string);
  'move'?: (boolean);
  '_newName'?: "newName";
}

export interface GroupWish__Output {
  'name': (string);
  'create': (boolean);
  'newName'?: (string);
  'settings': (_holdfast_v1_GroupSettings__Output | null);
  'add': (string)[];
  'remove': (string)[];
  'removedPoints': (string);
  'move': (boolean);
  '_newName'?: "newName";
}
