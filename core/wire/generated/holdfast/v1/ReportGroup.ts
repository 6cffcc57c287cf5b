// Original file: proto/report.proto

import type { Long } from '@grpc/proto-loader';

export interface ReportGroup {
  'group'?: (string);
  'sources'?: (number);
  'points'?: (number);
  'logicalBytes'?: (number | string | Long);
  'storedBytes'?: (number | string | Long);
  'addedBytes'?: (number | string | Long);
  '_group'?: "group";
}

export interface ReportGroup__Output {
  'group'?: (string);
  'sources': (number);
  'points': (number);
  'logicalBytes': (number);
  'storedBytes': (number);
  'addedBytes': (number);
  '_group'?: "group";
}
