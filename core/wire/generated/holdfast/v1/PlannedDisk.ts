// Original file: proto/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface PlannedDisk {
  'name'?: (string);
  'sizeBytes'?: (number | string | Long);
  'format'?: (string);
  'trackerBase'?: (string);
  'trackerReason'?: (string);
  'trackerBases'?: (string)[];
}

export interface PlannedDisk__Output {
  'name': (string);
  'sizeBytes': (number);
  'format': (string);
  'trackerBase': (string);
  'trackerReason': (string);
  'trackerBases': (string)[];
}
