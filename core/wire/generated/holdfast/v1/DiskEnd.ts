// Original file: proto/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface DiskEnd {
  'ordinal'?: (number);
  'chunks'?: (number | string | Long);
  'records'?: (number | string | Long);
  'readBytes'?: (number | string | Long);
  'comparedBytes'?: (number | string | Long);
  'checksum'?: (Buffer | Uint8Array | string);
  'unreadableChunks'?: (number | string | Long);
}

export interface DiskEnd__Output {
  'ordinal': (number);
  'chunks': (number);
  'records': (number);
  'readBytes': (number);
  'comparedBytes': (number);
  'checksum': (Buffer);
  'unreadableChunks': (number);
}
