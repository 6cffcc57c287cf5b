// Original file: proto/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface PartitionMark {
  'number'?: (number);
  'offset'?: (number | string | Long);
  'sizeBytes'?: (number | string | Long);
  'type'?: (string);
}

export interface PartitionMark__Output {
  'number': (number);
  'offset': (number);
  'sizeBytes': (number);
  'type': (string);
}
