// Original file: proto/people.proto

import type { AuditEntry as _holdfast_v1_AuditEntry, AuditEntry__Output as _holdfast_v1_AuditEntry__Output } from '../../holdfast/v1/AuditEntry.ts';

export interface AuditList {
  'entries'?: (_holdfast_v1_AuditEntry)[];
}

export interface AuditList__Output {
  'entries': (_holdfast_v1_AuditEntry__Output)[];
}
