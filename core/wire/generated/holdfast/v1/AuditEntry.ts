// Original file: proto/people.proto

import type { Long } from '@grpc/proto-loader';

export interface AuditEntry {
  'id'?: (number | string | Long);
  'at'?: (string);
  'actor'?: (string);
  'peer'?: (string);
  'method'?: (string);
  'object'?: (string);
  'outcome'?: (string);
  'code'?: (string);
  'notes'?: (string);
  'hash'?: (string);
  '_code'?: "code";
}

export interface AuditEntry__Output {
  'id': (number);
  'at': (string);
  'actor': (string);
  'peer': (string);
  'method': (string);
  'object': (string);
  'outcome': (string);
  'code'?: (string);
  'notes': (string);
  'hash': (string);
  '_code'?: "code";
}
