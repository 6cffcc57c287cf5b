// Original file: proto/people.proto

import type { Long } from '@grpc/proto-loader';

export interface AuditProblem {
  'id'?: (number | string | Long);
  'kind'?: (string);
  'message'?: (string);
}

export interface AuditProblem__Output {
  'id': (number);
  'kind': (string);
  'message': (string);
}
