// Original file: proto/report.proto

import type { Long } from '@grpc/proto-loader';

export interface ReportRecovery {
  'job'?: (string);
  'kind'?: (string);
  'source'?: (string);
  'state'?: (string);
  'by'?: (string);
  'at'?: (string);
  'bytes'?: (number | string | Long);
  '_source'?: "source";
  '_by'?: "by";
}

export interface ReportRecovery__Output {
  'job': (string);
  'kind': (string);
  'source'?: (string);
  'state': (string);
  'by'?: (string);
  'at': (string);
  'bytes': (number);
  '_source'?: "source";
  '_by'?: "by";
}
