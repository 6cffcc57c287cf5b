// Original file: proto/people.proto

import type { AuditProblem as _holdfast_v1_AuditProblem, AuditProblem__Output as _holdfast_v1_AuditProblem__Output } from '../../holdfast/v1/AuditProblem.ts';
import type { Long } from '@grpc/proto-loader';

export interface AuditVerification {
  'entries'?: (number | string | Long);
  'head'?: (number | string | Long);
  'hash'?: (string);
  'sealedHeads'?: (number);
  'problems'?: (_holdfast_v1_AuditProblem)[];
  'notes'?: (string)[];
}

export interface AuditVerification__Output {
  'entries': (number);
  'head': (number);
  'hash': (string);
  'sealedHeads': (number);
  'problems': (_holdfast_v1_AuditProblem__Output)[];
  'notes': (string)[];
}
