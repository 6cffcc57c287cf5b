// Original file: proto/operator.proto

import type { GroupSettings as _holdfast_v1_GroupSettings, GroupSettings__Output as _holdfast_v1_GroupSettings__Output } from '../../holdfast/v1/GroupSettings.ts';

export interface PreviewRetentionRequest {
  'group'?: (string);
  'source'?: (string);
  'settings'?: (_holdfast_v1_GroupSettings | null);
  'days'?: (number);
  '_group'?: "group";
  '_source'?: "source";
}

export interface PreviewRetentionRequest__Output {
  'group'?: (string);
  'source'?: (string);
  'settings': (_holdfast_v1_GroupSettings__Output | null);
  'days': (number);
  '_group'?: "group";
  '_source'?: "source";
}
