// Original file: proto/operator.proto

import type { RetentionDecision as _holdfast_v1_RetentionDecision, RetentionDecision__Output as _holdfast_v1_RetentionDecision__Output } from '../../holdfast/v1/RetentionDecision.ts';

export interface RetentionPreview {
  'decisions'?: (_holdfast_v1_RetentionDecision)[];
}

export interface RetentionPreview__Output {
  'decisions': (_holdfast_v1_RetentionDecision__Output)[];
}
