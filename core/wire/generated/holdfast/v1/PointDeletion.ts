// Original file: proto/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface PointDeletion {
  'point'?: (string);
  'deleted'?: (boolean);
  'freedBytes'?: (number | string | Long);
  'undeleteUntil'?: (string);
  '_undeleteUntil'?: "undeleteUntil";
}

export interface PointDeletion__Output {
  'point': (string);
  'deleted': (boolean);
  'freedBytes': (number);
  'undeleteUntil'?: (string);
  '_undeleteUntil'?: "undeleteUntil";
}
