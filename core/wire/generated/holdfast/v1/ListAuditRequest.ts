// Original file: proto/people.proto

import type { Long } from '@grpc/proto-loader';

export interface ListAuditRequest {
  'actor'?: (string);
  'outcome'?: (string);
  'since'?: (string);
  'limit'?: (number);
  'before'?: (number | string | Long);
  '_actor'?: "actor";
  '_outcome'?: "outcome";
  '_since'?: "since";
}

export interface ListAuditRequest__Output {
  'actor'?: (string);
  'outcome'?: (string);
  'since'?: (string);
  'limit': (number);
  'before': (number);
  '_actor'?: "actor";
  '_outcome'?: "outcome";
  '_since'?: "since";
}
